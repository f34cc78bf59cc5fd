/** @file Where the time of a run goes: into the engine, and around it. */
import { performance } from 'node:perf_hooks';
import { z } from 'zod';

/** `timing.json`, in seconds; of a resumed run, since it was resumed. */
export const runTimingSchema = z.object({
  /** Of the whole run, from the moment it was asked for to the last of its files. */
  seconds: z.number(),
  /** In which the runtime computed training steps. */
  training: z.number(),
  /** In which it computed held-back photos. */
  validation: z.number(),
  /** In which networks were made into sessions. */
  compilation: z.number(),
  /** (training + validation) / seconds. */
  engine_share: z.number(),
});
export type RunTiming = z.infer<typeof runTimingSchema>;

type Work = 'training' | 'validation' | 'compilation';

/** Runs from when it is made. */
export class RunClock {
  readonly #now: () => number;
  readonly #started: number;
  readonly #milliseconds: Record<Work, number> = { training: 0, validation: 0, compilation: 0 };

  /** @param now milliseconds from any start */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#started = now();
  }

  /** Does some work, and counts the time it takes, also when it fails. */
  async measure<T>(work: Work, run: () => Promise<T>): Promise<T> {
    const started = this.#now();
    try {
      return await run();
    } finally {
      this.#milliseconds[work] += this.#now() - started;
    }
  }

  /** Up to now. */
  timing(): RunTiming {
    const all = this.#now() - this.#started;
    const { training, validation, compilation } = this.#milliseconds;
    return {
      seconds: all / 1000,
      training: training / 1000,
      validation: validation / 1000,
      compilation: compilation / 1000,
      engine_share: all === 0 ? 0 : (training + validation) / all,
    };
  }
}

/** A line for people. */
export function describeTiming({ seconds, training, validation, compilation, engine_share: share }: RunTiming): string {
  const parts = `training ${training.toFixed(1)}, validation ${validation.toFixed(1)}`;
  const whole = `engine busy ${(share * 100).toFixed(1)} % of ${seconds.toFixed(1)} s (${parts})`;
  return `${whole}; compiling networks ${compilation.toFixed(1)} s`;
}
