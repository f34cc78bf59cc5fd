/** @file Learning rate schedules: pure functions of the step, so that there is nothing to save or to resume. */
import { EngineError } from '../errors.ts';

/** step (0 = the first) -> factor of the peak learning rate. */
export type Schedule = (step: number) => number;

export function constant(): Schedule {
  return () => 1;
}

/** Multiplied by `factor` after every `every` steps. As torch.optim.lr_scheduler.StepLR. */
export function stepDecay({ every, factor }: { readonly every: number; readonly factor: number }): Schedule {
  return (step) => factor ** Math.floor(step / every);
}

export interface CosineOptions {
  /** Steps of the whole training. */
  readonly steps: number;
  /** Steps of a linear rise from 1 / warmUp to 1 (Goyal et al. 2017, "Large minibatch SGD", section 2.2); default 0. */
  readonly warmUp?: number;
}

/**
 * Half a cosine from 1 at the end of the warm-up to 0 at `steps`, just after the last step (Loshchilov and Hutter 2017,
 * "SGDR", equation 5 without restarts). Without warm-up as torch.optim.lr_scheduler.CosineAnnealingLR.
 * @throws EngineError INVALID_ARGUMENT when the warm-up is longer than the training
 */
export function cosine({ steps, warmUp = 0 }: CosineOptions): Schedule {
  if (warmUp > steps) throw new EngineError('INVALID_ARGUMENT', `a warm-up of ${warmUp} is longer than ${steps} steps`);
  const fall = Math.max(steps - warmUp, 1);
  return (step) => (step < warmUp ? (step + 1) / warmUp : halfCosine(1, 0, (step - warmUp) / fall));
}

export interface OneCycleOptions {
  /** Steps of the whole training. */
  readonly steps: number;
  /** Share of the steps over which the rate rises; default 0.3. */
  readonly rise?: number;
}

const START = 1 / 25;
const END = START / 1e4;

/**
 * Half a cosine up from 1 / 25 to 1, half a cosine down to 4e-6 at the last step (Smith and Topin 2018,
 * "Super-convergence", with the numbers of torch.optim.lr_scheduler.OneCycleLR).
 * @throws EngineError INVALID_ARGUMENT when there are no steps
 */
export function oneCycle({ steps, rise = 0.3 }: OneCycleOptions): Schedule {
  if (steps < 1) throw new EngineError('INVALID_ARGUMENT', `there is no cycle over ${steps} steps`);
  const top = Math.max(rise * steps - 1, 0);
  const last = steps - 1;
  return (step) => {
    if (step < top) return halfCosine(START, 1, step / top);
    return last <= top ? 1 : halfCosine(1, END, (step - top) / (last - top));
  };
}

/** On half a cosine from `start` (progress 0) to `end` (progress 1 and beyond). */
function halfCosine(start: number, end: number, progress: number): number {
  return end + ((start - end) / 2) * (1 + Math.cos(Math.PI * Math.min(progress, 1)));
}
