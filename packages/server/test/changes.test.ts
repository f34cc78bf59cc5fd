import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Changes } from '../src/jobs/changes.ts';

const never = new AbortController().signal;

/** Whether it ends at once: before anything else that waits for the machine. */
async function endsNow(waiting: Promise<void>): Promise<boolean> {
  const later = new Promise<false>((resolve) => void setImmediate(() => resolve(false)));
  return Promise.race([waiting.then(() => true), later]);
}

it('lets go those who wait when something changes, when they leave, and when it is closed', async () => {
  const changes = new Changes();
  expect(await endsNow(changes.changed(never))).toBe(false);
  const [first, second] = [changes.changed(never), changes.changed(never)];
  changes.announce();
  expect(await endsNow(Promise.all([first, second]).then(() => undefined))).toBe(true);

  const leaving = new AbortController();
  const [left, stayed] = [changes.changed(leaving.signal), changes.changed(never)];
  leaving.abort();
  expect(await endsNow(left)).toBe(true);
  expect(await endsNow(stayed)).toBe(false);
  expect(await endsNow(changes.changed(leaving.signal))).toBe(true);

  changes.close();
  expect(await endsNow(stayed)).toBe(true);
  expect(await endsNow(changes.changed(never))).toBe(true);
});

it('looks again after a second', async () => {
  const begin = performance.now();
  await new Changes().changed(never);
  expect(performance.now() - begin).toBeGreaterThan(900);
  expect(performance.now() - begin).toBeLessThan(5000);
});

it('keeps nothing of those who have waited', async () => {
  setFlagsFromString('--expose-gc');
  const used = async (): Promise<number> => {
    // What a collection has freed may free more in the next one.
    for (let turn = 0; turn < 4; turn += 1) {
      runInNewContext('gc()');
      await new Promise((resolve) => setImmediate(resolve));
    }
    return process.memoryUsage().heapUsed;
  };
  const changes = new Changes();
  const wait = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      const waiting = changes.changed(new AbortController().signal);
      changes.announce();
      await waiting;
    }
  };
  await wait(1000);
  const before = await used();
  await wait(50_000);
  // With a combined signal each left 60 to 75 bytes: 3 MB and more.
  expect((await used()) - before).toBeLessThan(1_000_000);
});
