import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockFolder } from '../src/database/lock.ts';
import { openDatabase } from '../src/database/up-to-date.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-lock-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('an embedded database that another process has open is left alone', async () => {
  const where = join(folder, 'used');
  await writeFile(`${where}.lock`, String(process.ppid));
  await expect(openDatabase(where)).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
    message: `process ${process.ppid} has ${where} open`,
  });
});

it('a lock counts as long as its process lives, and is given back', async () => {
  const where = join(folder, 'left');
  for (const left of [String(spawnSync(process.execPath, ['--version']).pid), String(process.pid), 'nonsense', '']) {
    await writeFile(`${where}.lock`, left);
    const unlock = await lockFolder(where);
    await unlock();
  }
  const again = await lockFolder(where);
  await again();
});
