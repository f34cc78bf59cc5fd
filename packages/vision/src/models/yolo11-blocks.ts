/** @file The blocks of YOLO11 (see yolo11.ts). */
import { batchNorm2d, conv2d, silu, type Network, type Value } from '@busana/engine';

interface UnitOptions {
  readonly channels: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
  /** Default true: SiLU after the norm. */
  readonly activation?: boolean;
}

/** Convolution, batch norm and SiLU. */
export function unit(network: Network, name: string, x: Value, options: UnitOptions): Value {
  const { channels, kernel, stride = 1, groups = 1, activation = true } = options;
  const padding = (kernel - 1) / 2;
  const y = conv2d(network, `${name}.conv`, x, { outChannels: channels, kernel, stride, padding, groups, bias: false });
  // Their classifiers keep PyTorch's epsilon and momentum; 1e-3 and 0.03 belong to their detectors.
  const normalised = batchNorm2d(network, `${name}.bn`, y);
  return activation ? silu(network, normalised) : normalised;
}

/** Two 3 x 3 units with a shortcut around them. `share`: inner channels as a share of the outer ones. */
function bottleneck(network: Network, name: string, x: Value, share: number): Value {
  const channels = Number(x.shape[1]);
  const inner = unit(network, `${name}.cv1`, x, { channels: Math.trunc(channels * share), kernel: 3 });
  return network.graph.op('Add', [x, unit(network, `${name}.cv2`, inner, { channels, kernel: 3 })]);
}

/** C3k: half of the channels through two bottlenecks, the other half past them. */
function c3k(network: Network, name: string, x: Value): Value {
  const channels = Number(x.shape[1]);
  const half = Math.trunc(channels / 2);
  let y = unit(network, `${name}.cv1`, x, { channels: half, kernel: 1 });
  for (const index of [0, 1]) y = bottleneck(network, `${name}.m.${index}`, y, 1);
  const past = unit(network, `${name}.cv2`, x, { channels: half, kernel: 1 });
  return unit(network, `${name}.cv3`, network.graph.op('Concat', [y, past], { axis: 1 }), { channels, kernel: 1 });
}

interface C3k2Options {
  readonly channels: number;
  readonly repetitions: number;
  readonly deep: boolean;
  readonly share: number;
}

/** C3k2: a split into two parts, one of which goes through blocks whose every output is kept and joined. */
export function c3k2(network: Network, name: string, x: Value, options: C3k2Options): Value {
  const { channels, repetitions, deep, share } = options;
  const { graph } = network;
  const inner = Math.trunc(channels * share);
  const both = unit(network, `${name}.cv1`, x, { channels: 2 * inner, kernel: 1 });
  const parts = [...graph.emit('Split', [both, graph.integers([inner, inner])], 2, { axis: 1 })];
  for (let index = 0; index < repetitions; index += 1) {
    const last = parts.at(-1)!;
    parts.push(deep ? c3k(network, `${name}.m.${index}`, last) : bottleneck(network, `${name}.m.${index}`, last, 0.5));
  }
  return unit(network, `${name}.cv2`, graph.op('Concat', parts, { axis: 1 }), { channels, kernel: 1 });
}
