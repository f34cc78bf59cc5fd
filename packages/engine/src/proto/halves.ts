/** @file IEEE 754 half precision: 1 bit sign, 5 exponent, 10 fraction. */

/** The largest finite number of half precision. */
export const LARGEST_HALF = 65504;

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The 16 bits of the nearest half-precision number, ties to the even one; beyond the largest, infinity. */
export function halfBits(value: number): number {
  single[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const size = Math.abs(single[0]);
  if (Number.isNaN(size)) return sign | 0x7e00;
  // 65520 lies midway between the largest number and what would be the next.
  if (size >= 65520) return sign | 0x7c00;
  // Below 2^-14 the steps are all of 2^-24.
  if (size < 2 ** -14) return sign | nearestEven(size * 2 ** 24);
  const exponent = ((word >>> 23) & 0xff) - 127;
  // A fraction rounded up to 2 carries into the exponent by itself.
  return sign | (((exponent + 14) << 10) + nearestEven((size / 2 ** exponent) * 1024));
}

function nearestEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below + (below % 2);
  return rest > 0.5 ? below + 1 : below;
}

export function halves(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, halfBits);
}
