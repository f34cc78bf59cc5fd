import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Turns } from '../src/jobs/turns.ts';

it('what is done in turns never overlaps, keeps its order, and outlives failures', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ rounds: fc.nat(3), fails: fc.boolean() })), async (pieces) => {
      const turns = new Turns();
      const seen: string[] = [];
      const results = pieces.map(({ rounds, fails }, at) =>
        turns.take(async () => {
          seen.push(`begin ${at}`);
          for (let round = 0; round < rounds; round += 1) await setImmediate();
          seen.push(`end ${at}`);
          if (fails) throw new Error(`${at}`);
          return at;
        }),
      );
      const settled = await Promise.allSettled(results);
      await turns.ended();
      expect(seen).toEqual(pieces.flatMap((_, at) => [`begin ${at}`, `end ${at}`]));
      expect(settled.map(({ status }) => status)).toEqual(
        pieces.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
      );
    }),
  );
});
