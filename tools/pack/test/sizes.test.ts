import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { limits, overLimit } from '../sizes.ts';

const packages = resolve(import.meta.dirname, '../../../packages');
const nameSchema = z.object({ name: z.string() });

it('has a limit for every package and for nothing else', () => {
  const names = readdirSync(packages).map(
    (folder) => nameSchema.parse(JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8'))).name,
  );
  expect(Object.keys(limits).sort()).toEqual(names.sort());
});

it('tells what has grown beyond its limit', () => {
  const [[name, { packed, unpacked }]] = Object.entries(limits) as [[string, { packed: number; unpacked: number }]];
  const one = { name, version: '1.0.0', filename: 'x.tgz', file: 'x.tgz', entryCount: 1 };
  expect(overLimit([{ ...one, size: packed, unpackedSize: unpacked }])).toEqual([]);
  expect(overLimit([{ ...one, size: packed + 1, unpackedSize: unpacked + 1 }])).toEqual([
    expect.stringContaining(`${packed + 1} bytes packed`),
    expect.stringContaining(`${unpacked + 1} bytes unpacked`),
  ]);
  expect(overLimit([{ ...one, name: 'another', size: 1, unpackedSize: 1 }])).toEqual([
    expect.stringMatching(/no limit/),
  ]);
});
