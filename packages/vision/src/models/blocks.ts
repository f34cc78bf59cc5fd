/** @file What most convolutional architectures are made of. */
import { batchNorm2d, conv2d, samePadding, type Network, type Padding, type Value } from '@busana/engine';
import type { Place } from './definition.ts';

/** The last map of networks that end with a mean over all places. */
export const beforePooling: Place = { operator: 'GlobalAveragePool', fromEnd: 0, side: 'input' };

export interface ConvolutionNormOptions {
  readonly channels: number;
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default 1; as many as channels makes a depthwise convolution. */
  readonly groups?: number;
  /** Default: half the kernel on every side, as PyTorch's models have it; `same` pads as TensorFlow does. */
  readonly padding?: 'half' | 'same';
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /** Weight of the newest batch in the running statistics; default 0.1. */
  readonly momentum?: number;
}

/** A convolution without bias and its batch norm. `names`: where their parameters are, `[convolution, norm]`. */
export function convolutionNorm(
  network: Network,
  [conv, norm]: readonly [conv: string, norm: string],
  x: Value,
  options: ConvolutionNormOptions,
): Value {
  const { channels, kernel, stride = 1, groups = 1, epsilon, momentum } = options;
  const padding = options.padding === 'same' ? sameSides(x, kernel, stride) : (kernel - 1) / 2;
  const y = conv2d(network, conv, x, { outChannels: channels, kernel, stride, padding, groups, bias: false });
  return batchNorm2d(network, norm, y, {
    ...(epsilon !== undefined && { epsilon }),
    ...(momentum !== undefined && { momentum }),
  });
}

function sameSides(x: Value, kernel: number, stride: number): Padding {
  const [top, bottom] = samePadding(Number(x.shape[2]), kernel, stride);
  const [left, right] = samePadding(Number(x.shape[3]), kernel, stride);
  return [top, left, bottom, right];
}

/** The nearest multiple of `divisor`, but never less than `limit` of the number asked for. */
export function roundChannels(channels: number, divisor: number, limit = 0.9): number {
  const nearest = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor);
  return nearest < limit * channels ? nearest + divisor : nearest;
}
