import { Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { pieces, slopeOf, type Sample } from '../slope.ts';

/** Half an hour, a sample every two seconds. */
const SAMPLES = 900;
const hourOf = (at: number): number => (at * 2) / 3600;

/** First-order autoregression with deviation 1; `memory` of a sample is that of a minute to the power of 1/30. */
function autoregressive(random: Random, memory: number): number[] {
  const values: number[] = [];
  let value = random.normal();
  for (let at = 0; at < SAMPLES; at += 1) {
    values.push(value);
    value = memory * value + Math.sqrt(1 - memory ** 2) * random.normal();
  }
  return values;
}

/** Stands still, then jumps up or down, as a pool of memory that is enlarged and given back: two levels, 3 minutes each. */
function jumping(random: Random): number[] {
  let level = random.chance(0.5) ? 1 : -1;
  return Array.from({ length: SAMPLES }, () => {
    if (random.chance(1 / 90)) level = -level;
    return level + 0.3 * random.normal();
  });
}

/** Rises and falls at once, as a heap between collections. */
function sawtooth(random: Random): number[] {
  const [period, begin] = [random.integer(20, 200), random.integer(0, 200)];
  return Array.from({ length: SAMPLES }, (_, at) => ((at + begin) % period) / period);
}

const runs = (one: (random: Random) => readonly number[], leak = 0) =>
  Array.from({ length: 600 }, (_, seed) =>
    slopeOf(pieces(one(Random.of('slope', seed)).map((value, at): Sample => [hourOf(at), value + leak * hourOf(at)]))),
  );
/** Share of runs whose interval leaves out the true slope. */
const missed = (slopes: ReturnType<typeof runs>, truth: number) =>
  slopes.filter(({ interval: [low, high] }) => low > truth || high < truth).length / slopes.length;

describe('the slope of memory', () => {
  it.each([
    ['no memory', (random: Random) => autoregressive(random, 0)],
    ['half a minute of memory', (random: Random) => autoregressive(random, Math.exp(-2 / 30))],
    ['a minute and a half', (random: Random) => autoregressive(random, Math.exp(-2 / 90))],
    ['jumps between two levels', jumping],
    ['a sawtooth', sawtooth],
  ])('is within the interval 19 times out of 20: %s', (_, one) => {
    // 600 runs of an exact interval would be above it one time in a hundred.
    for (const leak of [0, 20]) expect(missed(runs(one, leak), leak)).toBeLessThan(0.07);
  });

  it('is wider where values hang together, and is not known of a walk that goes anywhere', () => {
    const reach = (memory: number) => {
      const reaches = runs((random) => autoregressive(random, memory)).map(({ interval: [low, high] }) => (high - low) / 2); // prettier-ignore
      return reaches.toSorted((a, b) => a - b)[300]!;
    };
    expect(reach(Math.exp(-2 / 90))).toBeGreaterThan(5 * reach(0));
    const walks = runs((random) => {
      let at = 0;
      return Array.from({ length: SAMPLES }, () => (at += random.normal()));
    });
    const unknown = walks.filter(({ interval: [low] }) => low === -Infinity).length / walks.length;
    expect(unknown).toBeGreaterThan(0.3);
  });
});
