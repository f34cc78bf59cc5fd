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
  readonly row: (row: number, into: number, taps: number, end: number) => void;
  readonly column: (
    ...addresses: readonly [
      a: number,
      b: number,
      c: number,
      d: number,
      into: number,
      end: number,
      weights01: number,
      weights23: number,
    ]
  ) => void;
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
  const { memory, row, column } = (loops ??= load());
  const stride = size * 3 * 2;
  const line = 0;
  const taps = align(line + (width + 2 * MARGIN) * 3 + SLACK);
  const middle = align(taps + size * ENTRY);
  const result = align(middle + height * stride + SLACK);
  const end = result + size * size * 3 + SLACK;
  if (memory.buffer.byteLength < end) memory.grow(Math.ceil((end - memory.buffer.byteLength) / 65_536));
  const bytes = new Uint8Array(memory.buffer);

  const table = new Int32Array(memory.buffer, taps, (size * ENTRY) / 4);
  for (let x = 0; x < size; x += 1) {
    const { first, weights01, weights23 } = tap(x, width, size);
    table.set([(first + MARGIN) * 3, weights01, weights23], x * 3);
  }
  for (let y = 0; y < height; y += 1) {
    const source = data.subarray(y * width * 3, (y + 1) * width * 3);
    bytes.set(source, line + MARGIN * 3);
    for (let pixel = 0; pixel < MARGIN; pixel += 1) {
      bytes.set(source.subarray(0, 3), line + pixel * 3);
      bytes.set(source.subarray(-3), line + (MARGIN + width + pixel) * 3);
    }
    row(line, middle + y * stride, taps, taps + size * ENTRY);
  }
  const rowAt = (y: number): number => middle + Math.min(Math.max(y, 0), height - 1) * stride;
  for (let y = 0; y < size; y += 1) {
    const { first, weights01, weights23 } = tap(y, height, size);
    const rows = [0, 1, 2, 3].map((offset) => rowAt(first + offset)) as [number, number, number, number];
    column(...rows, result + y * size * 3, rows[0] + stride, weights01, weights23);
  }
  return { width: size, height: size, data: bytes.slice(result, result + size * size * 3) };
}

/** The first of the four pixels that a pixel of the result is made of, and their weights, two to a word. */
function tap(position: number, from: number, to: number) {
  // libvips puts the first pixel of the result half a pixel of the source before its first.
  const at = position * (from / to) - 0.5;
  const pixel = Math.floor(at);
  const part = Math.floor((Math.floor((at - pixel) * POSITIONS * 2) + 1) / 2) / POSITIONS;
  const [a, b, c, d] = catmullRom(part).map((weight) => Math.trunc(weight * WEIGHTS)) as [
    number,
    number,
    number,
    number,
  ];
  return { first: pixel - 1, weights01: pair(a, b), weights23: pair(c, d) };
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
  const { memory, row, column } = new WebAssembly.Instance(module).exports;
  if (!(memory instanceof WebAssembly.Memory) || !isFunction(row) || !isFunction(column)) {
    throw new Error('enlarge.wasm is not what enlarge.wat says');
  }
  return { memory, row, column };
}

function isFunction(value: unknown): value is (...addresses: readonly number[]) => void {
  return typeof value === 'function';
}
