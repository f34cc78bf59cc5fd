/** @file Small networks with everything in them that a quantized graph has to handle. */
import { Graph } from '../../src/graph/graph.ts';
import { floats, tensor, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { Random } from '../../src/random.ts';

export function noise(key: string, shape: readonly number[], deviation = 1): Tensor<'float32'> {
  const random = Random.of(key);
  const result = tensor('float32', shape);
  return { ...result, data: result.data.map(() => random.normal(0, deviation)) };
}

export interface NetOptions {
  /** Changes the weights of a convolution by its name. */
  readonly poison?: (name: string, weights: Float32Array) => void;
  readonly channels?: number;
}

/**
 * x [N, 3, 12, 12] -> convolution, norm, clip, pool; a depthwise one; a sum past it; the average -> `embedding`
 * [N, channels]; a linear layer -> `answer` [N, 4].
 */
export function convolutional({ poison, channels = 16 }: NetOptions = {}): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 3, 12, 12]);
  const block = (name: string, input: Value, outputs: number, kernel: number, group = 1): Value => {
    const inputs = Number(input.shape[1]) / group;
    const weights = noise(name, [outputs, inputs, kernel, kernel], Math.sqrt(2 / (inputs * kernel * kernel)));
    poison?.(name, weights.data);
    const pad = (kernel - 1) / 2;
    const settings = { kernel_shape: [kernel, kernel], pads: [pad, pad, pad, pad], group };
    const convolved = graph.op('Conv', [input, graph.constant(weights, `${name}.weight`)], settings);
    const statistic = (hint: string, values: (index: number) => number): Value =>
      graph.constant(
        floats(
          [outputs],
          Array.from({ length: outputs }, (_, index) => values(index)),
        ),
        `${name}.${hint}`,
      );
    const random = Random.of(name, 'norm');
    return graph.op('BatchNormalization', [
      convolved,
      statistic('gamma', () => random.uniform(0.5, 1.5)),
      statistic('beta', () => random.normal(0, 0.3)),
      statistic('mean', () => random.normal(0, 0.2)),
      statistic('variance', () => random.uniform(0.5, 2)),
    ]);
  };
  const clip = (value: Value): Value => graph.op('Clip', [value, graph.scalar(0), graph.scalar(6)]);
  const stem = graph.op('MaxPool', [clip(block('stem', x, channels, 3))], { kernel_shape: [2, 2], strides: [2, 2] });
  const spread = clip(block('depthwise', clip(block('expand', stem, channels * 2, 1)), channels * 2, 3, channels * 2));
  const sum = graph.op('Add', [block('project', spread, channels, 1), stem]);
  const embedding = graph.op('Flatten', [graph.op('GlobalAveragePool', [graph.op('Relu', [sum])])], { axis: 1 });
  const head = graph.constant(noise('head', [4, channels], 0.5), 'head.weight');
  const logits = graph.op('Gemm', [embedding, head, graph.constant(noise('head bias', [4]), 'head.bias')], {
    transB: 1,
  });
  graph.output(graph.op('Softmax', [logits], { axis: -1 }), 'answer');
  graph.output(embedding, 'embedding');
  return graph;
}

/** Batches of random inputs of {@link convolutional}. */
export function batches(count: number, size = 4): { readonly x: Tensor }[] {
  return Array.from({ length: count }, (_, index) => ({ x: noise(`batch ${index}`, [size, 3, 12, 12]) }));
}
