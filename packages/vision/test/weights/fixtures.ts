/** @file The weights files that tools/reference/weights.py made, and what PyTorch read from them. */
import type { Tensor } from '@busana/engine';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const fixtures = fileURLToPath(new URL('../fixtures/weights/', import.meta.url));

const tensorSchema = z.object({ shape: z.array(z.int()), type: z.string(), values: z.array(z.string()) });
const expectedSchema = z.object({
  files: z.record(z.string(), z.record(z.string(), tensorSchema)),
  refused: z.record(z.string(), z.string()),
});
const attacksSchema = z.object({
  attacks: z.array(z.object({ what: z.string(), names: z.string(), base64: z.string() })),
});

export type ExpectedTensors = z.infer<typeof expectedSchema>['files'][string];

export const expected = expectedSchema.parse(json('expected.json'));
export const attacks = attacksSchema.parse(json('attacks.json')).attacks.map(({ what, names, base64 }) => {
  return { what, names, bytes: Buffer.from(base64, 'base64') };
});

export function json(name: string): unknown {
  return JSON.parse(readFileSync(fixtures + name, 'utf8'));
}

/** A tensor as the fixtures describe it; numbers as text, which NaN, infinities and minus zero survive. */
export function described({ type, shape, data }: Tensor): ExpectedTensors[string] {
  const text = (value: number | bigint): string => (Object.is(value, -0) ? '-0' : String(value));
  return { shape: [...shape], type, values: Array.from<number | bigint, string>(data, text) };
}

/** Python's way to write a number, as JavaScript writes it. */
export function asWritten(tensors: ExpectedTensors): ExpectedTensors {
  const words: Readonly<Record<string, string>> = { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity', '-0.0': '-0' };
  const text = (type: string, value: string): string =>
    words[value] ?? (type === 'float32' ? String(Number(value)) : value);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, shape, values }]) => {
      return [name, { shape, type, values: values.map((value) => text(type, value)) }];
    }),
  );
}
