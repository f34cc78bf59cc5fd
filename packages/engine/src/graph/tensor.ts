import { EngineError } from '../errors.ts';

/** Storage of each element type. Names are ONNX's `TensorProto.DataType` in words. */
export interface StorageOf {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  int8: Int8Array;
  bool: Uint8Array;
}

export type DataType = keyof StorageOf;

/** A dense, row-major block of numbers. */
export interface Tensor<T extends DataType = DataType> {
  readonly type: T;
  readonly shape: readonly number[];
  readonly data: StorageOf[T];
}

const storage: { readonly [T in DataType]: new (length: number) => StorageOf[T] } = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
};

/** Number of elements of a static shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Zeros, or the given storage after a check of its length. @throws EngineError INVALID_ARGUMENT */
export function tensor<T extends DataType>(type: T, shape: readonly number[], data?: StorageOf[T]): Tensor<T> {
  const length = sizeOf(shape);
  if (data !== undefined && data.length !== length) {
    throw new EngineError('INVALID_ARGUMENT', `${data.length} values do not fill the shape [${shape.join(', ')}]`);
  }
  return { type, shape, data: data ?? new storage[type](length) };
}

/** A float32 tensor from plain numbers. */
export function floats(shape: readonly number[], values: Iterable<number>): Tensor<'float32'> {
  return tensor('float32', shape, Float32Array.from(values));
}

/** A one-dimensional int64 tensor: the form ONNX wants for axes, shapes and positions. */
export function int64s(values: readonly number[]): Tensor<'int64'> {
  return tensor('int64', [values.length], BigInt64Array.from(values, BigInt));
}

/**
 * A tensor over a copy of raw little-endian bytes, as weights files and ONNX models hold them.
 * @throws EngineError INVALID_ARGUMENT when the bytes do not fill the shape
 */
export function tensorOfBytes<T extends DataType>(type: T, shape: readonly number[], bytes: Uint8Array): Tensor<T> {
  const result = tensor(type, shape);
  if (result.data.byteLength !== bytes.byteLength) {
    throw new EngineError('INVALID_ARGUMENT', `${bytes.byteLength} bytes do not fill the shape [${shape.join(', ')}]`);
  }
  bytesOf(result).set(bytes);
  return result;
}

/** The raw little-endian bytes of a tensor, not copied. */
export function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Tensors by name, in a meaningful order: parameters, feeds, a checkpoint. */
export type TensorMap = ReadonlyMap<string, Tensor>;

/** The tensor of a name. @throws EngineError INVALID_ARGUMENT when it is missing, or of another type or shape */
export function expectTensor(tensors: TensorMap, name: string, type: DataType, shape: readonly number[]): Tensor {
  const found = tensors.get(name);
  if (found === undefined) throw new EngineError('INVALID_ARGUMENT', `there are no numbers for '${name}'`);
  if (found.type !== type || found.shape.join() !== shape.join()) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `'${name}' is ${type} [${shape.join(', ')}], not ${found.type} [${found.shape.join(', ')}]`,
    );
  }
  return found;
}

/** A copy that nothing else writes to. */
export function copyOf({ type, shape, data }: Tensor): Tensor {
  return tensor(type, shape, data.slice());
}
