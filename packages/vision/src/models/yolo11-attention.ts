/** @file C2PSA, the attention of YOLO11: half of the channels pass through blocks of attention over positions. */
import type { Network, Value } from '@busana/engine';
import { unit } from './yolo11-blocks.ts';

/** Channels per head, of which keys and queries have half. */
const HEAD = 64;

/** x [N, C, H, W] -> [N, C, H, W] */
export function positionSensitiveAttention(network: Network, name: string, x: Value, repetitions: number): Value {
  const { graph } = network;
  const channels = Number(x.shape[1]);
  const half = channels / 2;
  const both = unit(network, `${name}.cv1`, x, { channels, kernel: 1 });
  const [past, start] = graph.emit('Split', [both, graph.integers([half, half])], 2, { axis: 1 });
  let y = start!;
  for (let index = 0; index < repetitions; index += 1) y = block(network, `${name}.m.${index}`, y);
  return unit(network, `${name}.cv2`, graph.op('Concat', [past!, y], { axis: 1 }), { channels, kernel: 1 });
}

/** Attention, then two pointwise convolutions, each added to its input. */
function block(network: Network, name: string, x: Value): Value {
  const { graph } = network;
  const channels = Number(x.shape[1]);
  const y = graph.op('Add', [x, attention(network, `${name}.attn`, x)]);
  const hidden = unit(network, `${name}.ffn.0`, y, { channels: 2 * channels, kernel: 1 });
  return graph.op('Add', [y, unit(network, `${name}.ffn.1`, hidden, { channels, kernel: 1, activation: false })]);
}

/** Every position asks all others; a depthwise convolution of the values adds where they are. */
function attention(network: Network, name: string, x: Value): Value {
  const { graph } = network;
  const [channels, height, width] = x.shape.slice(1).map(Number) as [number, number, number];
  const heads = channels / HEAD;
  const key = HEAD / 2;
  const all = unit(network, `${name}.qkv`, x, { channels: channels + 2 * key * heads, kernel: 1, activation: false });
  const perHead = graph.op('Reshape', [all, graph.integers([0, heads, 2 * key + HEAD, height * width])]);
  const [q, k, v] = graph.emit('Split', [perHead, graph.integers([key, key, HEAD])], 3, { axis: 2 });
  const scaled = graph.op('Mul', [graph.op('Transpose', [q!], { perm: [0, 1, 3, 2] }), graph.scalar(key ** -0.5)]);
  const weights = graph.op('Softmax', [graph.op('MatMul', [scaled, k!])], { axis: -1 });
  const mixed = graph.op('MatMul', [v!, graph.op('Transpose', [weights], { perm: [0, 1, 3, 2] })]);
  const shape = graph.integers([0, channels, height, width]);
  const position = unit(network, `${name}.pe`, graph.op('Reshape', [v!, shape]), {
    channels,
    kernel: 3,
    groups: channels,
    activation: false,
  });
  const joined = graph.op('Add', [graph.op('Reshape', [mixed, shape]), position]);
  return unit(network, `${name}.proj`, joined, { channels, kernel: 1, activation: false });
}
