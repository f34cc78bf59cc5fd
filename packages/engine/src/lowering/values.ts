import type { Value } from '../graph/value.ts';
import { sizesOf, type Build } from '../rules/build.ts';
import { affine } from './blocked/per-channel.ts';

/** A value as a product that nobody has made yet. */
export interface Scaled {
  /** [N, C', H, W] in blocks, and known as what stands for itself. */
  readonly values: Value;
  /** [C'], by which each channel is still to be multiplied. */
  readonly scale: Value;
}

/**
 * What stands for the values of the graph that is lowered. A value of shape [N, C, H, W] may stand in the runtime's
 * blocked layout, in the plain one, or in both: it is brought from one to the other when a node asks, and only once.
 */
export class LoweredValues {
  /** Channels of a block; undefined where the processor has no blocked layout, or it is not wanted. */
  readonly block: number | undefined;
  readonly #build: Build;
  readonly #plain = new Map<Value, Value>();
  readonly #blocked = new Map<Value, Value>();
  readonly #turned = new Map<Value, Value>();
  readonly #scaled = new Map<Value, Scaled>();

  constructor(build: Build, block: number | undefined) {
    this.#build = build;
    this.block = block;
  }

  /** Whether a value stands in blocks, be it plainly as well. */
  isBlocked(value: Value): boolean {
    return this.#blocked.has(value) || this.#scaled.has(value);
  }

  setPlain(value: Value, copy: Value): void {
    this.#plain.set(value, copy);
  }

  /** @param copy [N, C', H, W] in blocks, C' the channels of whole blocks */
  setBlocked(value: Value, copy: Value): void {
    this.#blocked.set(value, copy);
  }

  /** The value stands in blocks once somebody asks for it; see {@link scaled}. */
  setScaled(value: Value, scaled: Scaled): void {
    this.#scaled.set(value, scaled);
    this.#blocked.set(scaled.values, scaled.values);
  }

  /** For those that can multiply something smaller instead. */
  scaled(value: Value): Scaled | undefined {
    return this.#scaled.get(value);
  }

  /** @param original of the graph that is lowered; the value is its matrices with rows and columns exchanged */
  setTurned(value: Value, original: Value): void {
    this.#turned.set(value, original);
  }

  /** What stands for the value with the rows and columns of its matrices exchanged, if that need not be copied. */
  turned(value: Value): Value | undefined {
    const original = this.#turned.get(value);
    return original && this.plain(original);
  }

  /** The value in the order of its axes. */
  plain(value: Value): Value {
    const known = this.#plain.get(value);
    if (known !== undefined) return known;
    const turned = this.turned(value);
    if (turned !== undefined) {
      const copy = this.#build.transposeMatrix(turned);
      this.#plain.set(value, copy);
      return copy;
    }
    const blocked = this.#inBlocks(value);
    if (blocked === undefined) throw new RangeError(`the value '${value.name}' was not lowered before its use`);
    const channels = sizesOf(value)[1]!;
    const copy = reorderOutput(this.#build, blocked, channels);
    this.#plain.set(value, copy);
    return copy;
  }

  /** The value [N, C, H, W] in blocks: [N, C', H, W], zeros in the channels that fill the last block. */
  blocked(value: Value): Value {
    const known = this.#inBlocks(value);
    if (known !== undefined) return known;
    const plain = this.plain(value);
    const copy = reorderInput(this.#build, this.padded(plain, 1));
    this.#blocked.set(value, copy);
    return copy;
  }

  #inBlocks(value: Value): Value | undefined {
    const scaled = this.#scaled.get(value);
    if (this.#blocked.has(value) || scaled === undefined) return this.#blocked.get(value);
    const copy = affine(this.#build, scaled.values, { scale: scaled.scale });
    this.#blocked.set(value, copy);
    return copy;
  }

  /** Zeros after the end of an axis of channels, up to whole blocks. */
  padded(value: Value, axis: number): Value {
    const missing = this.channelsOf(sizesOf(value)[axis]!) - sizesOf(value)[axis]!;
    return this.#build.pad(value, [axis], [0], [missing]);
  }

  /** So many channels in whole blocks. */
  channelsOf(count: number): number {
    return Math.ceil(count / this.block!) * this.block!;
  }
}

/** [N, C, H, W], or [N, H, W, C] with channels last, C whole blocks, from the order of its axes into blocks. */
export function reorderInput(build: Build, x: Value, channelsLast = false): Value {
  return build.graph.op('NchwcReorderInput', [x], channelsLast ? { channels_last: 1 } : {});
}

/** [N, C', H, W] from blocks into the order of its axes: the first `channels` channels. */
export function reorderOutput(build: Build, x: Value, channels: number): Value {
  return build.graph.op('NchwcReorderOutput', [x], { channels });
}

/**
 * As {@link reorderOutput}, [N, H, W, C]. Blocks and points change places, which is what putting pictures into blocks does
 * to points and blocks: seen so, where all blocks are whole, the runtime uses all its threads.
 */
export function channelsLast(build: Build, x: Value, channels: number, block: number): Value {
  const [images, filled, height, width] = sizesOf(x) as [number, number, number, number];
  if (filled !== channels) return build.graph.op('NchwcReorderOutput', [x], { channels, channels_last: 1 });
  const seen = build.reshape(x, [images, channels / block, 1, height * width * block]);
  return build.reshape(reorderInput(build, seen, true), [images, height, width, channels]);
}
