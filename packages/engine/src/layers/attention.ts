import { EngineError } from '../errors.ts';
import type { Value } from '../graph/value.ts';
import { linear, type LinearInitializers } from './linear.ts';
import type { Network } from './network.ts';
import { expectRank, knownSize } from './sizes.ts';

export interface AttentionOptions {
  readonly heads: number;
  /** Start values of both projections; default: PyTorch's for linear layers. */
  readonly initial?: LinearInitializers;
}

/**
 * x [N, T, D] -> [N, T, D]: softmax(q k' / sqrt(D / heads)) v per head, then a projection (Vaswani et al. 2017,
 * "Attention is all you need", section 3.2). Parameters as in timm's vision transformer: `qkv.weight` [3 D, D],
 * `qkv.bias`, `proj.weight` [D, D], `proj.bias`.
 * @throws EngineError SHAPE_MISMATCH when the heads do not divide D
 */
export function multiHeadAttention(network: Network, name: string, x: Value, options: AttentionOptions): Value {
  const { graph } = network;
  const { heads, initial } = options;
  const starting = initial === undefined ? {} : { initial };
  expectRank(x, 3, name);
  const [tokens, width] = [knownSize(x, 1, name), knownSize(x, 2, name)];
  const size = width / heads;
  if (!Number.isInteger(size)) {
    throw new EngineError('SHAPE_MISMATCH', `${name}: ${heads} heads do not divide ${width} channels`);
  }
  const qkv = linear(network, `${name}.qkv`, x, 3 * width, starting);
  const mixed = graph.within(name, () => {
    // [N, T, 3 D] -> [N, T, 3 heads, size] -> [N, 3 heads, T, size]: queries, keys and values follow each other.
    const parts = graph.op('Reshape', [qkv, graph.integers([0, tokens, 3 * heads, size])]);
    const byHead = graph.op('Transpose', [parts], { perm: [0, 2, 1, 3] });
    const [q, k, v] = graph.emit('Split', [byHead, graph.integers([heads, heads, heads])], 3, { axis: 1 });
    const scaled = graph.op('Mul', [q!, graph.scalar(1 / Math.sqrt(size))]);
    const scores = graph.op('MatMul', [scaled, graph.op('Transpose', [k!], { perm: [0, 1, 3, 2] })]);
    const attended = graph.op('MatMul', [graph.op('Softmax', [scores], { axis: -1 }), v!]);
    // [N, heads, T, size] -> [N, T, D]
    const joined = graph.op('Transpose', [attended], { perm: [0, 2, 1, 3] });
    return graph.op('Reshape', [joined, graph.integers([0, tokens, width])]);
  });
  return linear(network, `${name}.proj`, mixed, width, starting);
}
