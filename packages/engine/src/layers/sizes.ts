import { EngineError } from '../errors.ts';
import type { Value } from '../graph/value.ts';

/** One number for both axes, or [height, width]. */
export type Pair = number | readonly [height: number, width: number];

/** One number for all sides, or each side: what TensorFlow's SAME needs at stride 2. */
export type Padding = number | readonly [top: number, left: number, bottom: number, right: number];

export function pairOf(pair: Pair): readonly number[] {
  return typeof pair === 'number' ? [pair, pair] : pair;
}

export function padsOf(padding: Padding): readonly number[] {
  return typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
}

/** Rows or columns that TensorFlow's SAME adds before and after: ceil(size / stride) outputs, the odd one after. */
export function samePadding(size: number, kernel: number, stride: number): readonly [before: number, after: number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** A size that has to be known while the graph is built. @throws EngineError SHAPE_MISMATCH */
export function knownSize(x: Value, axis: number, layer: string): number {
  const size = x.shape.at(axis);
  if (typeof size === 'number') return size;
  throw new EngineError(
    'SHAPE_MISMATCH',
    `${layer}: axis ${axis} of '${x.name}' [${x.shape.join(', ')}] has to be a known size`,
  );
}

/** @throws EngineError SHAPE_MISMATCH when the rank is another */
export function expectRank(x: Value, rank: number, layer: string): void {
  if (x.shape.length === rank) return;
  throw new EngineError('SHAPE_MISMATCH', `${layer}: '${x.name}' [${x.shape.join(', ')}] must have ${rank} dimensions`);
}
