import { EngineError } from '../errors.ts';
import type { Value } from '../graph/value.ts';
import { stateless, type Transform, type TransformContext } from './transform.ts';

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
    apply(updates, _, { graph }) {
      // From the last parameter on, as the backward pass gives them: each gradient can be used up as it appears.
      const squares = updates
        .map(({ update }) => graph.op('ReduceSumSquare', [update], { keepdims: 0 }))
        .reduceRight((sum, square) => graph.op('Add', [sum, square]));
      const norm = graph.op('Add', [graph.op('Sqrt', [squares]), graph.scalar(1e-6)]);
      const factor = graph.op('Min', [graph.op('Div', [graph.scalar(largest), norm]), graph.scalar(1)]);
      return updates.map(({ update }) => ({ update: graph.op('Mul', [update, factor]) }));
    },
  };
}

/**
 * u + decay p, for parameters that decay. Before the other transforms this is the gradient of an L2 penalty (SGD and Adam
 * in PyTorch); after them it is decoupled (Loshchilov and Hutter 2019, "Decoupled weight decay regularization").
 */
export function addDecayedWeights(decay: number): Transform {
  return stateless(({ parameter, decay: decays, update }, { graph }) => {
    if (!decays || decay === 0) return update;
    return graph.op('Add', [update, graph.op('Mul', [parameter, graph.scalar(decay)])]);
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
    apply: (updates, slots, { graph }) =>
      updates.map(({ update }, index) => {
        const decayed = graph.op('Mul', [slots[index]!['momentum']!, graph.scalar(momentum)]);
        const buffer = graph.op('Add', [decayed, update]);
        const ahead = nesterov ? graph.op('Add', [update, graph.op('Mul', [buffer, graph.scalar(momentum)])]) : buffer;
        return { update: ahead, slots: { momentum: buffer } };
      }),
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
    apply(updates, slots, context) {
      const { graph } = context;
      const firstCorrection = correction(beta1, context);
      const secondRoot = graph.op('Sqrt', [correction(beta2, context)]);
      const average = (old: Value, now: Value, beta: number): Value =>
        graph.op('Add', [graph.op('Mul', [old, graph.scalar(beta)]), graph.op('Mul', [now, graph.scalar(1 - beta)])]);
      return updates.map(({ update }, index) => {
        const first = average(slots[index]!['first']!, update, beta1);
        const second = average(slots[index]!['second']!, graph.op('Mul', [update, update]), beta2);
        const root = graph.op('Div', [graph.op('Sqrt', [second]), secondRoot]);
        const spread = graph.op('Mul', [graph.op('Add', [root, graph.scalar(epsilon)]), firstCorrection]);
        return { update: graph.op('Div', [first, spread]), slots: { first, second } };
      });
    },
  };
}

/** 1 - beta^step, float32 [], worked out in double. */
function correction(beta: number, { graph, step }: TransformContext): Value {
  const power = graph.op('Pow', [graph.scalar(beta, 'float64'), step]);
  return graph.op('Cast', [graph.op('Sub', [graph.scalar(1, 'float64'), power])], { to: 'float32' });
}

/** learning rate * multiplier(name) * u: the step itself. A multiplier of 0 holds a parameter still. */
export function scaleByLearningRate(multiplier: (name: string) => number): Transform {
  return stateless(({ name, update }, { graph, learningRate }) => {
    const factor = multiplier(name);
    const rate = factor === 1 ? learningRate : graph.op('Mul', [learningRate, graph.scalar(factor)]);
    return graph.op('Mul', [update, rate]);
  });
}
