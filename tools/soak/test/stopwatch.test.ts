import { describe, expect, it } from 'vitest';
import { Stopwatch } from '../stopwatch.ts';

describe('the time of work', () => {
  it('leaves out what stood still, and nothing that was only slow', () => {
    let now = 1000;
    const watch = new Stopwatch(() => now);
    expect(watch.awakening).toBe(false);
    for (let looks = 0; looks < 10; looks += 1) {
      now += 5000;
      expect(watch.passed).toBe(5000 * (looks + 1));
    }
    now += 90_000;
    expect([watch.passed, watch.still, watch.awakening]).toEqual([50_000, 90_000, true]);
    now += 12_000;
    expect([watch.passed, watch.still, watch.awakening]).toEqual([62_000, 90_000, false]);
    watch.restart();
    now += 10;
    expect([watch.passed, watch.still]).toEqual([10, 0]);
  });
});
