import type { Model } from '../artifact/model.ts';

const WARM_UP = 3;
const RUNS = 31;

/** Milliseconds of one photo, before and after; medians. */
export interface Speed {
  readonly before_ms: number;
  readonly after_ms: number;
  readonly runs: number;
}

/**
 * Times two models photo by photo in turns, so that whatever else the machine does slows both alike.
 * @param picture uint8 `[1, size, size, 3]`
 */
export async function compareSpeed(before: Model, after: Model, picture: Uint8Array): Promise<Speed> {
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run < WARM_UP + RUNS; run += 1) {
    for (const [index, model] of [before, after].entries()) {
      const start = performance.now();
      await model.answer([picture], 1);
      if (run >= WARM_UP) times[index]!.push(performance.now() - start);
    }
  }
  return { before_ms: median(times[0]), after_ms: median(times[1]), runs: RUNS };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
