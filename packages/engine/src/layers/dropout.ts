import { EngineError } from '../errors.ts';
import type { Value } from '../graph/value.ts';
import type { Random } from '../random.ts';
import type { Network } from './network.ts';
import { knownSize } from './sizes.ts';

/**
 * x -> the same shape; in training each element is dropped with the probability and the others are multiplied by
 * 1 / (1 - probability) (Srivastava et al. 2014, "Dropout", in its inverted form). The mask is drawn outside the graph,
 * from a stream named by seed, layer and step.
 * @throws EngineError INVALID_ARGUMENT unless 0 <= probability < 1
 */
export function dropout(network: Network, name: string, x: Value, probability: number): Value {
  return drop(network, name, x, probability, (_, axis) => knownSize(x, axis, name));
}

/**
 * x -> the same shape; in training whole samples are dropped with the probability and the others are multiplied by
 * 1 / (1 - probability): put before the addition of a shortcut, a residual block is skipped (Huang et al. 2016, "Deep
 * networks with stochastic depth", section 3).
 * @throws EngineError INVALID_ARGUMENT unless 0 <= probability < 1
 */
export function stochasticDepth(network: Network, name: string, x: Value, probability: number): Value {
  return drop(network, name, x, probability, (_, axis) => (axis === 0 ? knownSize(x, 0, name) : 1));
}

function drop(
  network: Network,
  name: string,
  x: Value,
  probability: number,
  sizeOfMask: (size: unknown, axis: number) => number,
): Value {
  if (!(probability >= 0 && probability < 1)) {
    throw new EngineError('INVALID_ARGUMENT', `${name}: a probability of ${probability} is not in [0, 1)`);
  }
  if (!network.training || probability === 0) return x;
  const scale = 1 / (1 - probability);
  const draw = (random: Random): number => (random.chance(probability) ? 0 : scale);
  const mask = network.noise(`${name}.mask`, x.shape.map(sizeOfMask), draw);
  return network.graph.within(name, () => network.graph.op('Mul', [x, mask]));
}
