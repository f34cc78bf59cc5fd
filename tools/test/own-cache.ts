/** @file Tests that run the product as a user would must not read or fill the cache of whoever runs them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the tests of one call of vitest a cache folder of their own. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'busana-test-cache-'));
  process.env['XDG_CACHE_HOME'] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
