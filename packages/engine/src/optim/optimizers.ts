import { addDecayedWeights, scaleByAdam, scaleByLearningRate, trace, type AdamMoments } from './transforms.ts';
import type { Optimizer } from './transform.ts';

interface GroupOptions {
  /** Acts on parameters declared with `decay`: weights, but not biases and norms. Default 0; 0.01 for AdamW. */
  readonly weightDecay?: number;
  /** Factor of the learning rate for a parameter, by name; default 1. */
  readonly multiplier?: (name: string) => number;
}

export interface SgdOptions extends GroupOptions {
  /** Default 0. */
  readonly momentum?: number;
  /** Default false. */
  readonly nesterov?: boolean;
}

export interface AdamOptions extends GroupOptions {
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/** Stochastic gradient descent with momentum; weight decay is added to the gradient. As torch.optim.SGD. */
export function sgd({ momentum = 0, nesterov = false, weightDecay = 0, multiplier = one }: SgdOptions = {}): Optimizer {
  return [
    addDecayedWeights(weightDecay),
    ...(momentum === 0 ? [] : [trace({ momentum, nesterov })]),
    scaleByLearningRate(multiplier),
  ];
}

/** Adam (Kingma and Ba 2015); weight decay is added to the gradient. As torch.optim.Adam. */
export function adam({ weightDecay = 0, multiplier = one, ...moments }: AdamOptions = {}): Optimizer {
  return [addDecayedWeights(weightDecay), scaleByAdam(completed(moments)), scaleByLearningRate(multiplier)];
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2). As torch.optim.AdamW. */
export function adamW({ weightDecay = 0.01, multiplier = one, ...moments }: AdamOptions = {}): Optimizer {
  return [scaleByAdam(completed(moments)), addDecayedWeights(weightDecay), scaleByLearningRate(multiplier)];
}

function completed({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions): AdamMoments {
  return { beta1, beta2, epsilon };
}

function one(): number {
  return 1;
}
