import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { owenValues, type Game } from '../../src/explain/owen.ts';
import { complement, countOf, eachRun, halves, wholePicture, type Coalition } from '../../src/explain/regions.ts';

const size = 6;
const count = size * size * 3;

/** 1 where a number is shown. */
function shown(coalition: Coalition | undefined): Uint8Array {
  const flags = new Uint8Array(count);
  for (let part = coalition; part !== undefined; part = part.rest) {
    eachRun(part.box, size, (from, to) => {
      for (let at = from; at < to; at += 1) flags[at]! += 1;
    });
  }
  return flags;
}

const gameOf =
  (value: (flags: Uint8Array) => readonly number[]): Game =>
  (coalitions) =>
    Promise.resolve(coalitions.map((coalition) => Float64Array.from(value(shown(coalition)))));

const sum = (values: Iterable<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const weights = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: count, maxLength: count });

describe('Owen values', () => {
  it('of a sum are its terms, once every region is split', async () => {
    await fc.assert(
      fc.asyncProperty(weights, async (terms) => {
        const game = gameOf((flags) => [sum(terms.map((term, at) => term * flags[at]!))]);
        const { values } = await owenValues(game, { size, evaluations: 200_000 });
        values[0]!.forEach((value, at) => expect(value).toBeCloseTo(terms[at]!, 9));
      }),
      { numRuns: 2, seed: 1 },
    );
  });

  it('add up to the output minus the base for any game and any number of evaluations', async () => {
    await fc.assert(
      fc.asyncProperty(weights, fc.integer({ min: 2, max: 300 }), async (terms, evaluations) => {
        const total = (flags: Uint8Array): number => sum(terms.map((term, at) => term * flags[at]!));
        const game = gameOf((flags) => [Math.tanh(total(flags)), total(flags) ** 2]);
        const { base, values } = await owenValues(game, { size, evaluations });
        const [full] = await game([{ box: wholePicture(size), rest: undefined }]);
        values.forEach((own, output) => expect(base[output]! + sum(own)).toBeCloseTo(full![output]!, 9));
      }),
      { numRuns: 30, seed: 2 },
    );
  });

  it('give two regions that only count together half each', async () => {
    const top = (flags: Uint8Array): boolean => flags.subarray(0, count / 2).every((flag) => flag === 1);
    const bottom = (flags: Uint8Array): boolean => flags.subarray(count / 2).every((flag) => flag === 1);
    const game = gameOf((flags) => [top(flags) && bottom(flags) ? 1 : 0]);
    const { values } = await owenValues(game, { size, evaluations: 4 });
    expect(sum(values[0]!.subarray(0, count / 2))).toBeCloseTo(0.5, 12);
    expect(sum(values[0]!.subarray(count / 2))).toBeCloseTo(0.5, 12);
  });

  it('never ask for a number twice in one coalition', async () => {
    const game: Game = (coalitions) => {
      for (const coalition of coalitions) expect(Math.max(0, ...shown(coalition))).toBeLessThanOrEqual(1);
      return gameOf((flags) => [Math.sqrt(sum(flags))])(coalitions);
    };
    await owenValues(game, { size, evaluations: 400 });
  });
});

describe('regions', () => {
  it('are cut into two parts that make up the whole', () => {
    const side = fc.integer({ min: 0, max: 7 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 0, max: 2 }),
        side,
        side,
        fc.integer({ min: 1, max: 3 }),
        (...sides) => {
          const [top, left, first, height, width, depth] = sides;
          const box = {
            top,
            bottom: top + height + 1,
            left,
            right: left + width + 1,
            first,
            end: Math.min(3, first + depth),
          };
          const parts = halves(box);
          if (countOf(box) === 1) expect(parts).toBeUndefined();
          else expect(countOf(parts![0]) + countOf(parts![1])).toBe(countOf(box));
        },
      ),
      { seed: 3 },
    );
  });

  it('have complements', () => {
    const box = { ...wholePicture(size), top: 2, bottom: 5, right: 3 };
    const around = shown(complement(box, size));
    const inside = shown({ box, rest: undefined });
    expect(around.every((flag, at) => flag + inside[at]! === 1)).toBe(true);
    expect(complement(wholePicture(size), size)).toBeUndefined();
  });
});
