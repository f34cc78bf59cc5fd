import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeOutput } from '../../src/output/write.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-output-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A disk of its own can only be mounted by root on Linux. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

describe('writeOutput', () => {
  it('makes the folder and replaces what was there', async () => {
    const path = join(folder, 'a', 'b', 'file.txt');
    await writeOutput(path, 'first');
    await writeOutput(path, new TextEncoder().encode('second'));
    expect(await readFile(path, 'utf8')).toBe('second');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['file.txt']);
  });

  it('names a path that cannot be written', async () => {
    await writeFile(join(folder, 'plain'), '');
    await expect(writeOutput(join(folder, 'plain', 'x'), '')).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
      message: expect.stringContaining(join(folder, 'plain')) as string,
    });
  });

  it.skipIf(!canMount)('says that the disk is full, and keeps the file that was there', async () => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
    try {
      const path = join(disk, 'file');
      await writeOutput(path, 'old');
      await expect(writeOutput(path, new Uint8Array(1_000_000))).rejects.toMatchObject({
        code: 'OUTPUT_UNWRITABLE',
        message: expect.stringContaining('the disk is full') as string,
      });
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(disk)).toEqual(['file']);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
