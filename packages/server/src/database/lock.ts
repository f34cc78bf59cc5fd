/** @file A folder that one process uses at a time: two that write into an embedded database destroy it. */
import { BusanaError } from '@busana/contracts';
import { hasCode, unwritable } from '@busana/vision';
import { readFile, rm, writeFile } from 'node:fs/promises';

/**
 * The lock of a process that ended, killed or not, counts no more.
 * @param folder the lock stands beside it
 * @returns what gives it back
 * @throws BusanaError DATABASE_UNAVAILABLE when another process has it; OUTPUT_UNWRITABLE
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = `${folder}.lock`;
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (cause) {
      if (!hasCode(cause, 'EEXIST')) throw unwritable(path, cause);
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    // A process of our own number was another one: containers count from 1 each time.
    if (owner !== process.pid && isAlive(owner)) {
      throw new BusanaError('DATABASE_UNAVAILABLE', `process ${owner} has ${folder} open`, {
        remedy: 'End it first, or let both share a PostgreSQL: --database postgres://…',
      });
    }
    await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive as well.
    return hasCode(error, 'EPERM');
  }
}
