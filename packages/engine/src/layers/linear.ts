import type { Value } from '../graph/value.ts';
import { kaimingUniform } from './initializers.ts';
import type { Network } from './network.ts';
import { knownSize } from './sizes.ts';

export interface LinearOptions {
  /** Default true. */
  readonly bias?: boolean;
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
  { bias: withBias = true }: LinearOptions = {},
): Value {
  const { graph } = network;
  const size = knownSize(x, -1, name);
  const weight = network.parameter(`${name}.weight`, [outFeatures, size], kaimingUniform(size));
  const bias = withBias ? network.parameter(`${name}.bias`, [outFeatures], kaimingUniform(size)) : undefined;
  return graph.within(name, () => {
    if (x.shape.length === 2) {
      return graph.op('Gemm', bias === undefined ? [x, weight] : [x, weight, bias], { transB: 1 });
    }
    const product = graph.op('MatMul', [x, graph.op('Transpose', [weight], { perm: [1, 0] })]);
    return bias === undefined ? product : graph.op('Add', [product, bias]);
  });
}
