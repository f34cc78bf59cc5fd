import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBinary } from './support/binary.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('busana backup and restore', () => {
  it('write a shop into a file and make one of it, once', async () => {
    const run = (...args: string[]) => runBinary(folder, args);
    expect((await run('token', 'create', 'rina', '--role', 'admin')).code).toBe(0);
    const saved = await run('backup', '--output', 'out/shop.tar');
    expect([saved.code, saved.stdout]).toEqual([0, expect.stringMatching(/^1 rows of \d+ tables and 0 files .* are in out\/shop\.tar\n/)]); // prettier-ignore
    const made = await run('restore', 'out/shop.tar', '--data', 'copy');
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^restored: 1 rows and 0 files as of /)]);
    const again = await run('restore', 'out/shop.tar', '--data', 'copy');
    expect([again.code, again.stderr.split('\n')[0]]).toEqual([2, 'error DATABASE_NOT_EMPTY: the table tokens of the database has 1 rows; nothing was written']); // prettier-ignore
    const nothing = await run('backup', '--data', 'typo', '--output', 'none.tar');
    expect([nothing.code, nothing.stderr.split('\n')[0]]).toEqual([1, 'error DATABASE_UNAVAILABLE: there is no database in typo/database']); // prettier-ignore
    expect((await readdir(folder)).sort()).toEqual(['copy', 'data', 'out']);
  }, 300_000);
});
