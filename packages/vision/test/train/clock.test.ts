import { describe, expect, it } from 'vitest';
import { describeTiming, RunClock } from '../../src/train/clock.ts';

/** Time that passes only when it is told to. */
function clockOf(): { clock: RunClock; pass: (milliseconds: number) => Promise<void> } {
  let now = 5000;
  const clock = new RunClock(() => now);
  const pass = (milliseconds: number): Promise<void> => {
    now += milliseconds;
    return Promise.resolve();
  };
  return { clock, pass };
}

describe('the clock of a run', () => {
  it('tells the work of the engine from what is around it', async () => {
    const { clock, pass } = clockOf();
    await pass(500);
    await clock.measure('compilation', () => pass(700));
    for (let step = 0; step < 3; step += 1) {
      await clock.measure('training', () => pass(2000));
      await pass(100);
    }
    await clock.measure('validation', () => pass(1500));
    await pass(1000);
    const timing = clock.timing();
    expect(timing).toEqual({ seconds: 10, training: 6, validation: 1.5, compilation: 0.7, engine_share: 0.75 });
    expect(describeTiming(timing)).toBe(
      'engine busy 75.0 % of 10.0 s (training 6.0, validation 1.5); compiling networks 0.7 s',
    );
  });

  it('hands on what the work gives, and counts work that fails', async () => {
    const { clock, pass } = clockOf();
    expect(await clock.measure('training', () => pass(1000).then(() => 'loss'))).toBe('loss');
    const failure = clock.measure('training', () => pass(1000).then(() => Promise.reject(new Error('diverged'))));
    await expect(failure).rejects.toThrow('diverged');
    expect(clock.timing()).toMatchObject({ training: 2, engine_share: 1 });
  });

  it('has no share of no time', () => {
    expect(clockOf().clock.timing().engine_share).toBe(0);
  });
});
