/** @file The number types of weights files. What the engine has no storage for is widened where that loses nothing. */
import { tensor, tensorOfBytes, type DataType, type Tensor } from '@busana/engine';

/** Bytes of one number of each type. */
export const elementBytes = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const;

export type ElementType = keyof typeof elementBytes;

/**
 * A tensor of the engine from little-endian numbers in row-major order: halves become float32, 16-bit integers int32.
 * @throws EngineError INVALID_ARGUMENT when the bytes do not fill the shape
 */
export function tensorOfElements(type: ElementType, shape: readonly number[], bytes: Uint8Array): Tensor {
  switch (type) {
    case 'float16':
      return tensor('float32', shape, floatsOfHalves(wordsOf(bytes)));
    case 'bfloat16':
      // The upper half of a float32.
      return tensor('float32', shape, new Float32Array(shifted(wordsOf(bytes)).buffer));
    case 'int16':
      return tensor(
        'int32',
        shape,
        shifted(wordsOf(bytes)).map((word) => word >> 16),
      );
    default:
      return tensorOfBytes(type satisfies DataType, shape, bytes);
  }
}

/** The same numbers as float32 where they are float64; others as they are. */
export function narrowed(content: Tensor): Tensor {
  return content.data instanceof Float64Array
    ? tensor('float32', content.shape, Float32Array.from(content.data))
    : content;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent with a bias of 15, 10 bits of fraction. */
export function floatsOfHalves(words: Uint16Array): Float32Array {
  const scales = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (Math.max(exponent, 1) - 25));
  const result = new Float32Array(words.length);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const exponent = (word >> 10) & 0x1f;
    const fraction = word & 0x3ff;
    // Numbers of the lowest exponent lack the leading one; those of the highest are infinite or none.
    const magnitude =
      exponent === 0x1f
        ? fraction === 0
          ? Infinity
          : Number.NaN
        : (exponent === 0 ? fraction : fraction + 1024) * scales[exponent]!;
    result[at] = word & 0x8000 ? -magnitude : magnitude;
  }
  return result;
}

/** Each word as the upper half of 32 bits. */
function shifted(words: Uint16Array): Int32Array {
  const result = new Int32Array(words.length);
  for (let at = 0; at < words.length; at += 1) result[at] = words[at]! << 16;
  return result;
}

/** In memory of their own: the bytes may lie at an odd address. `slice` would not copy those of a Buffer. */
function wordsOf(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(new Uint8Array(bytes).buffer, 0, bytes.byteLength >> 1);
}
