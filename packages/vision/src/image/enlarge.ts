/**
 * @file Enlarging by cubic interpolation, bit for bit as libvips does it (`vips_affine` with the interpolator "bicubic"), in
 * a fraction of its time: there every pixel of the result is a call of its own, here a row is one.
 */
import { readFileSync } from 'node:fs';
import type { Picture } from './picture.ts';

/** Parts of a pixel that positions are rounded to. */
const POSITIONS = 64;
/** Weights are whole multiples of this part. */
const WEIGHTS = 4096;
/** Bytes of an entry of the table of `row` in enlarge.wat. */
const ENTRY = 12;
/** Pixels that a row is continued by on either side: the cubic reaches two beyond the border. */
const MARGIN = 2;
/** Bytes that the loops read or write beyond the end of what they are given. */
const SLACK = 16;

/** What enlarge.wat exports; addresses are bytes in the memory. */
interface Loops {
  readonly memory: WebAssembly.Memory;
  readonly across: (
    ...parameters: readonly [
      picture: number,
      end: number,
      length: number,
      line: number,
      into: number,
      stride: number,
      taps: number,
      tapsEnd: number,
    ]
  ) => void;
  readonly down: (
    ...parameters: readonly [rows: number, stride: number, into: number, length: number, taps: number, tapsEnd: number]
  ) => void;
  /** The weights of four pixels, two to a word, at each of the {@link POSITIONS} and the one after them. */
  readonly weights: Int32Array;
}

let loops: Loops | undefined;

/** Whether {@link enlarge} takes a picture of this size to that one. */
export function enlarges({ width, height }: Pick<Picture, 'width' | 'height'>, size: number): boolean {
  return width <= size && height <= size && width + height < 2 * size;
}

/**
 * A picture in `size` x `size` pixels, of which it has no more in either direction: first along the rows, then along the
 * columns, each sum rounded to a whole number.
 */
export function enlarge({ width, height, data }: Picture, size: number): Picture {
  const { memory, across, down, weights } = (loops ??= load());
  const stride = align(size * 3 * 2);
  const picture = 0;
  const line = align(picture + data.length + SLACK);
  const columns = align(line + (width + 2 * MARGIN) * 3 + SLACK);
  const rows = align(columns + (size + 1) * ENTRY);
  const middle = align(rows + size * ENTRY);
  const result = align(middle + (height + 2 * MARGIN) * stride + SLACK);
  const end = result + size * size * 3 + SLACK;
  if (memory.buffer.byteLength < end) memory.grow(Math.ceil((end - memory.buffer.byteLength) / 65_536));
  const bytes = new Uint8Array(memory.buffer);

  bytes.set(data, picture);
  fillTaps(new Int32Array(memory.buffer, columns, (size * ENTRY) / 4), width, 3, weights);
  fillTaps(new Int32Array(memory.buffer, rows, (size * ENTRY) / 4), height, stride, weights);
  // Where there is no entry, the last one's neighbour, which nobody reads, is made of the first pixels.
  new Int32Array(memory.buffer, columns + size * ENTRY, ENTRY / 4).fill(0);
  const first = middle + MARGIN * stride;
  const last = first + (height - 1) * stride;
  across(picture, picture + data.length, width * 3, line, first, stride, columns, columns + size * ENTRY);
  for (let row = 1; row <= MARGIN; row += 1) {
    bytes.copyWithin(first - row * stride, first, first + stride);
    bytes.copyWithin(last + row * stride, last, last + stride);
  }
  down(middle, stride, result, size * 3, rows, rows + size * ENTRY);
  return { width: size, height: size, data: bytes.slice(result, result + size * size * 3) };
}

/**
 * For each pixel of the result: where the first of the four that it is made of begins, and their weights.
 * @param taps three words an entry
 * @param from pixels in this direction
 * @param step bytes from one to the next
 */
function fillTaps(taps: Int32Array, from: number, step: number, weights: Int32Array): void {
  const to = taps.length / 3;
  for (let position = 0; position < to; position += 1) {
    // libvips puts the first pixel of the result half a pixel of the source before its first.
    const at = position * (from / to) - 0.5;
    const pixel = Math.floor(at);
    const part = Math.floor((Math.floor((at - pixel) * POSITIONS * 2) + 1) / 2);
    taps[position * 3] = (pixel - 1 + MARGIN) * step;
    taps[position * 3 + 1] = weights[part * 2]!;
    taps[position * 3 + 2] = weights[part * 2 + 1]!;
  }
}

/** Weights of four pixels at a position between the second (0) and the third (1) (Catmull and Rom 1974). */
function catmullRom(t: number): number[] {
  const first = -0.5 * t * (1 - t) ** 2;
  const last = -0.5 * t ** 2 * (1 - t);
  return [first, 1 - t - 2 * first + last, t - 2 * last + first, last];
}

function pair(low: number, high: number): number {
  return (low & 0xffff) | (high << 16);
}

function align(address: number): number {
  return Math.ceil(address / 16) * 16;
}

function load(): Loops {
  const module = new WebAssembly.Module(readFileSync(new URL('./enlarge.wasm', import.meta.url)));
  const { memory, across, down } = new WebAssembly.Instance(module).exports;
  if (!(memory instanceof WebAssembly.Memory) || !isFunction(across) || !isFunction(down)) {
    throw new Error('enlarge.wasm is not what enlarge.wat says');
  }
  const weights = new Int32Array((POSITIONS + 1) * 2);
  for (let part = 0; part <= POSITIONS; part += 1) {
    const [a, b, c, d] = catmullRom(part / POSITIONS).map((weight) => Math.trunc(weight * WEIGHTS));
    weights.set([pair(a!, b!), pair(c!, d!)], part * 2);
  }
  return { memory, across, down, weights };
}

function isFunction(value: unknown): value is (...parameters: readonly number[]) => void {
  return typeof value === 'function';
}
