import {
  batchNorm2d,
  conv2d,
  dropout,
  floats,
  globalAveragePool2d,
  linear,
  Random,
  relu,
  softmaxCrossEntropy,
  tensor,
  type Network,
  type Tensor,
  type Value,
} from '@busana/engine';

export const BATCH = 8;
const CLASSES = 3;

/** Two convolutions and a linear head: x [N, 2, 6, 6] -> logits [N, 3] */
export function body(network: Network, x: Value, { dropout: probability }: { dropout: number }): Value {
  let y = x;
  for (const [name, outChannels] of [
    ['early', 4],
    ['late', 8],
  ] as const) {
    y = conv2d(network, `${name}.conv`, y, { outChannels, kernel: 3, padding: 1, bias: false });
    y = relu(network, batchNorm2d(network, `${name}.norm`, y));
  }
  const pooled = network.graph.op('Flatten', [globalAveragePool2d(network, y)], { axis: 1 });
  return linear(network, 'head', dropout(network, 'drop', pooled, probability), CLASSES);
}

/** The network with its loss, as a training step takes it. */
export function smallNetwork(options: {
  dropout: number;
}): (network: Network) => { loss: Value; outputs: { logits: Value } } {
  return (network) => {
    const logits = body(network, network.graph.input('x', 'float32', [BATCH, 2, 6, 6]), options);
    const targets = network.graph.input('targets', 'int64', [BATCH]);
    return { loss: softmaxCrossEntropy(network.graph, logits, targets), outputs: { logits } };
  };
}

/** The same random batch for the same number. */
export function batchOf(index: number): { x: Tensor; targets: Tensor } {
  const random = Random.of('batch', index);
  const pixels = Array.from({ length: BATCH * 2 * 6 * 6 }, () => random.normal());
  const targets = Array.from({ length: BATCH }, () => BigInt(random.integer(0, CLASSES - 1)));
  return { x: floats([BATCH, 2, 6, 6], pixels), targets: tensor('int64', [BATCH], BigInt64Array.from(targets)) };
}
