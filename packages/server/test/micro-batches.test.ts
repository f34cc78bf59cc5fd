import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MicroBatches } from '../src/predictions/micro-batches.ts';

/** Lets whoever waits go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('micro-batches', () => {
  it('give everybody the own answer, in batches that are not too large, one at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.tuple(fc.integer(), fc.boolean()), { maxLength: 30 }),
        async (largest, questions) => {
          let [running, most] = [0, 0];
          const sizes: number[] = [];
          const batches = new MicroBatches(
            async (batch: readonly number[]) => {
              running += 1;
              most = Math.max(most, running);
              sizes.push(batch.length);
              await turn();
              running -= 1;
              return batch.map((question) => question * 2);
            },
            { largest, wait: 1, capacity: 100 },
          );
          const answers: Promise<number>[] = [];
          for (const [question, pause] of questions) {
            answers.push(batches.ask(question));
            if (pause) await turn();
          }
          expect(await Promise.all(answers)).toEqual(questions.map(([question]) => question * 2));
          expect(most).toBeLessThanOrEqual(1);
          expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(largest);
          expect(batches.waiting).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('hold together what comes together, and what comes while another is answered', async () => {
    const seen: number[][] = [];
    let release = (): void => undefined;
    const batches = new MicroBatches(
      async (batch: readonly number[]) => {
        seen.push([...batch]);
        await new Promise<void>((resolve) => (release = resolve));
        return batch;
      },
      { largest: 3, wait: 60_000, capacity: 10 },
    );
    const answers = [1, 2, 3, 4, 5, 6, 7].map((question) => batches.ask(question));
    await turn();
    // Full, so nobody waits; the others wait for its end.
    expect(seen).toEqual([[1, 2, 3]]);
    expect(batches.waiting).toBe(4);
    release();
    await Promise.all(answers.slice(0, 3));
    await turn();
    expect(seen).toEqual([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    release();
    await Promise.all(answers.slice(0, 6));
    expect(batches.waiting).toBe(1);
  });

  it('refuse more than may wait', async () => {
    const batches = new MicroBatches((batch: readonly number[]) => Promise.resolve(batch), { largest: 9, wait: 1, capacity: 2 }); // prettier-ignore
    const taken = [batches.ask(1), batches.ask(2)];
    await expect(batches.ask(3)).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(await Promise.all(taken)).toEqual([1, 2]);
    expect(await batches.ask(4)).toBe(4);
  });

  it('tell a failure to those it concerns, and go on', async () => {
    const batches = new MicroBatches(
      (batch: readonly number[]) => (batch.includes(0) ? Promise.reject(new Error('zero')) : Promise.resolve(batch)),
      { largest: 2, wait: 1, capacity: 10 },
    );
    const ends = await Promise.allSettled([1, 0, 2, 3].map((question) => batches.ask(question)));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });
});
