import { constant, cosine, oneCycle, stepDecay, type Schedule } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { fixture } from '../reference/fixture.ts';
import type { NumbersFixture } from '../reference/numbers.ts';

const { steps, ...expected } = (await fixture<NumbersFixture>('numbers')).schedules;

const schedules: Readonly<Record<keyof typeof expected, Schedule>> = {
  stepDecay: stepDecay({ every: 6, factor: 0.5 }),
  cosine: cosine({ steps }),
  oneCycle: oneCycle({ steps }),
  oneCycleEarly: oneCycle({ steps, rise: 0.25 }),
};

describe('schedules', () => {
  it.each(Object.keys(schedules) as (keyof typeof schedules)[])('%s is that of PyTorch', (name) => {
    expected[name].forEach((factor, step) => {
      expect(schedules[name](step), `step ${step}`).toBeCloseTo(factor, 12);
    });
  });

  it('constant is 1', () => {
    expect([0, 7, 1e6].map(constant())).toEqual([1, 1, 1]);
  });

  it('cosine rises linearly over the warm-up, then falls to 0', () => {
    const factors = [0, 1, 2, 3, 4, 8, 12].map(cosine({ steps: 12, warmUp: 4 }));
    [0.25, 0.5, 0.75, 1, 1, 0.5, 0].forEach((factor, index) => expect(factors[index]).toBeCloseTo(factor, 12));
  });

  it('short trainings have finite factors', () => {
    for (const count of [1, 2, 3]) {
      const made = [
        cosine({ steps: count, warmUp: 1 }),
        oneCycle({ steps: count }),
        oneCycle({ steps: count, rise: 1 }),
      ];
      for (const schedule of made) {
        for (let step = 0; step < count; step += 1) {
          expect(schedule(step)).toBeGreaterThan(0);
          expect(schedule(step)).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it('refuse what leaves no steps', () => {
    expect(() => cosine({ steps: 3, warmUp: 4 })).toThrow('longer than 3 steps');
    expect(() => oneCycle({ steps: 0 })).toThrow('0 steps');
  });
});
