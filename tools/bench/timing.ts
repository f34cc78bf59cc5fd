/** @file Sides timed in turn, so that a machine that slows down slows both. */
import type { Side } from './side.ts';

/** The arena of the runtime grows in the first runs. */
export const WARM_UP = 3;
export const RUNS = 7;
/** Batches that take longer are run less often, so that a whole benchmark ends within the hour. */
const SLOW = 4;
const RUNS_WHEN_SLOW = 3;

/** Seconds of one batch. */
export interface Timing {
  readonly best: number;
  readonly median: number;
}

/** One run of each side in turn. @returns a timing per side, in their order */
export async function alternate(sides: readonly Side[]): Promise<Timing[]> {
  const times = sides.map((): number[] => []);
  let wanted = WARM_UP + RUNS;
  for (let run = 0; run < wanted; run += 1) {
    for (const [index, side] of sides.entries()) {
      const seconds = await side.run();
      if (seconds > SLOW) wanted = Math.min(wanted, WARM_UP + RUNS_WHEN_SLOW);
      if (run >= WARM_UP) times[index]!.push(seconds);
    }
  }
  return times.map(summary);
}

function summary(seconds: readonly number[]): Timing {
  const sorted = [...seconds].sort((a, b) => a - b);
  return { best: sorted[0]!, median: sorted[sorted.length >> 1]! };
}
