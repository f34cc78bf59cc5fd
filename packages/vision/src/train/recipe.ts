import type { TrainingConfig } from '@busana/contracts';
import { adam, adamW, clipByGlobalNorm, constant, cosine, oneCycle, sgd, type Optimizer } from '@busana/engine';

/** Share of all steps over which the one-cycle schedule rises, and the cosine schedule warms up. */
const ONE_CYCLE_RISE = 0.25;
const WARM_UP = 0.05;
const MOMENTUM = 0.9;

/** The optimizer of a configuration: clipping first, then the update rule with its own form of weight decay. */
export function optimizerFor(
  { optimizer, weightDecay, clip }: TrainingConfig,
  multiplier: (parameter: string) => number,
): Optimizer {
  const rules = {
    sgd: () => sgd({ momentum: MOMENTUM, nesterov: true, weightDecay, multiplier }),
    adam: () => adam({ weightDecay, multiplier }),
    adamw: () => adamW({ weightDecay, multiplier }),
  };
  const rule = rules[optimizer]();
  return clip > 0 ? [clipByGlobalNorm(clip), ...rule] : rule;
}

/** Learning rate by step, 0 = the first of the whole training. */
export function learningRateSchedule(config: TrainingConfig, stepsPerEpoch: number): (step: number) => number {
  const steps = config.epochs * stepsPerEpoch;
  const schedules = {
    constant: () => constant(),
    cosine: () => cosine({ steps, warmUp: Math.ceil(steps * WARM_UP) }),
    onecycle: () => oneCycle({ steps, rise: ONE_CYCLE_RISE }),
  };
  const factor = schedules[config.schedule]();
  return (step) => config.lr * factor(step);
}
