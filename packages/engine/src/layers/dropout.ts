import { EngineError } from '../errors.ts';
import type { Value } from '../graph/value.ts';
import type { Network } from './network.ts';
import { knownSize } from './sizes.ts';

/**
 * x -> the same shape; in training each element is dropped with the probability and the others are multiplied by
 * 1 / (1 - probability) (Srivastava et al. 2014, "Dropout", in its inverted form). The mask is drawn outside the graph,
 * from a stream named by seed, layer and step.
 * @throws EngineError INVALID_ARGUMENT unless 0 <= probability < 1
 */
export function dropout(network: Network, name: string, x: Value, probability: number): Value {
  if (!(probability >= 0 && probability < 1)) {
    throw new EngineError('INVALID_ARGUMENT', `${name}: a probability of ${probability} is not in [0, 1)`);
  }
  if (!network.training || probability === 0) return x;
  const shape = x.shape.map((_, axis) => knownSize(x, axis, name));
  const scale = 1 / (1 - probability);
  const mask = network.noise(`${name}.mask`, shape, (random) => (random.chance(probability) ? 0 : scale));
  return network.graph.within(name, () => network.graph.op('Mul', [x, mask]));
}
