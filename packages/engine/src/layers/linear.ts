import type { Value } from '../graph/value.ts';
import { kaimingUniform, type Initializer } from './initializers.ts';
import type { Network } from './network.ts';
import { knownSize } from './sizes.ts';

export interface LinearOptions {
  /** Default true. */
  readonly bias?: boolean;
  /** Start values; default: PyTorch's. */
  readonly initial?: LinearInitializers;
}

export interface LinearInitializers {
  readonly weight: Initializer;
  readonly bias: Initializer;
}

/**
 * x [..., D] -> [..., outFeatures]: x W' + b. Parameters: `weight` [outFeatures, D], `bias` [outFeatures]. As
 * torch.nn.Linear.
 */
export function linear(
  network: Network,
  name: string,
  x: Value,
  outFeatures: number,
  options: LinearOptions = {},
): Value {
  const { graph } = network;
  const size = knownSize(x, -1, name);
  const { bias: withBias = true, initial = { weight: kaimingUniform(size), bias: kaimingUniform(size) } } = options;
  const weight = network.parameter(`${name}.weight`, [outFeatures, size], initial.weight);
  const bias = withBias ? network.parameter(`${name}.bias`, [outFeatures], initial.bias) : undefined;
  return graph.within(name, () => {
    if (x.shape.length === 2) {
      return graph.op('Gemm', bias === undefined ? [x, weight] : [x, weight, bias], { transB: 1 });
    }
    const product = graph.op('MatMul', [x, graph.op('Transpose', [weight], { perm: [1, 0] })]);
    return bias === undefined ? product : graph.op('Add', [product, bias]);
  });
}
