import { EngineError } from '../errors.ts';
import { stateless, type Transform } from './transform.ts';

/**
 * All updates are scaled together so that their common Euclidean norm is at most `largest` (Pascanu et al. 2013, "On the
 * difficulty of training recurrent neural networks", algorithm 1). As torch.nn.utils.clip_grad_norm_: the factor is
 * min(1, largest / (norm + 1e-6)).
 * @throws EngineError INVALID_ARGUMENT unless largest > 0
 */
export function clipByGlobalNorm(largest: number): Transform {
  if (!(largest > 0)) throw new EngineError('INVALID_ARGUMENT', `a largest norm of ${largest} is not above 0`);
  return {
    slots: [],
    seesAll: true,
    begin({ kernels, updates }) {
      const squares = updates.reduce((sum, update) => sum + kernels.sumOfSquares(update), 0);
      // Not a number stays that, rather than becoming 1.
      const factor = Math.min(largest / (Math.sqrt(squares) + 1e-6), 1);
      return ({ update }) => kernels.scale(update, factor);
    },
  };
}

/**
 * u + decay p, for parameters that decay. Before the other transforms this is the gradient of an L2 penalty (SGD and Adam
 * in PyTorch); after them it is decoupled (Loshchilov and Hutter 2019, "Decoupled weight decay regularization").
 */
export function addDecayedWeights(decay: number): Transform {
  return stateless(({ parameter, decay: decays, update }, { kernels }) => {
    if (decays && decay !== 0) kernels.add(update, parameter, decay);
  });
}

export interface TraceOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
}

/**
 * Momentum without dampening: b = momentum b + u; the update is b, or u + momentum b in Nesterov's form (Sutskever et al.
 * 2013, "On the importance of initialization and momentum", section 2, in the form of torch.optim.SGD).
 */
export function trace({ momentum, nesterov }: TraceOptions): Transform {
  return {
    slots: ['momentum'],
    begin:
      ({ kernels }) =>
      ({ update, slots }) =>
        kernels.trace(update, slots['momentum']!, momentum, nesterov),
  };
}

export interface AdamMoments {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * m = beta1 m + (1 - beta1) u; v = beta2 v + (1 - beta2) u^2; the update at step t is
 * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) (Kingma and Ba 2015, "Adam", algorithm 1). As
 * torch.optim.Adam.
 */
export function scaleByAdam({ beta1, beta2, epsilon }: AdamMoments): Transform {
  return {
    slots: ['first', 'second'],
    begin({ kernels, step }) {
      const correction1 = 1 - beta1 ** step;
      const numbers = { beta1, beta2, epsilon, correction1, root2: Math.sqrt(1 - beta2 ** step) };
      return ({ update, slots }) => kernels.adam(update, slots['first']!, slots['second']!, numbers);
    },
  };
}

/** learning rate * multiplier(name) * u: the step itself. A multiplier of 0 holds a parameter still. */
export function scaleByLearningRate(multiplier: (name: string) => number): Transform {
  return stateless(({ name, update }, { kernels, learningRate }) => {
    kernels.scale(update, learningRate * multiplier(name));
  });
}
