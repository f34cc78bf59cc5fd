/** @file Numbers that lie in memory in another order than row by row, e.g. those of a transposed matrix. */
import { sizeOf } from '@busana/engine';

export interface Layout {
  /** Place of the first number, and steps along each axis, in numbers. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Whether numbers lie one after the other, the last axis fastest. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  return shape.every((size, axis) => size === 1 || strides[axis] === sizeOf(shape.slice(axis + 1)));
}

/** The bytes of a layout's numbers in row-major order. @param width bytes of a number */
export function gathered(bytes: Uint8Array, width: 1 | 2 | 4 | 8, layout: Layout): Uint8Array {
  const size = sizeOf(layout.shape);
  // Moved as integers of their width, whatever they mean.
  const from = integersOf(bytes, width);
  const to = integersOf(new Uint8Array(size * width), width);
  if (from instanceof BigUint64Array && to instanceof BigUint64Array) move(from, to, layout);
  else if (!(from instanceof BigUint64Array) && !(to instanceof BigUint64Array)) move(from, to, layout);
  return new Uint8Array(to.buffer);
}

function move<T extends { [place: number]: number | bigint; length: number }>(
  from: T,
  to: T,
  { offset, shape, strides }: Layout,
): void {
  const rowLength = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 0;
  const place = shape.map(() => 0);
  let start = offset;
  for (let row = 0; row < to.length; row += rowLength) {
    for (let column = 0; column < rowLength; column += 1) to[row + column] = from[start + column * step]!;
    // The axes before the last count up like an odometer.
    for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
      start += strides[axis]!;
      place[axis]! += 1;
      if (place[axis]! < shape[axis]!) break;
      start -= strides[axis]! * shape[axis]!;
      place[axis] = 0;
    }
  }
}

function integersOf(bytes: Uint8Array, width: 1 | 2 | 4 | 8) {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  const length = byteLength / width;
  switch (width) {
    case 1:
      return new Uint8Array(buffer, byteOffset, length);
    case 2:
      return new Uint16Array(buffer, byteOffset, length);
    case 4:
      return new Uint32Array(buffer, byteOffset, length);
    case 8:
      return new BigUint64Array(buffer, byteOffset, length);
  }
}
