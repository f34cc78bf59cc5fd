import { EngineError } from '../errors.ts';
import { bytesOf, sizeOf, tensor, tensorOfBytes, type DataType, type StorageOf, type Tensor } from '../graph/tensor.ts';
import type { TensorMessage } from './messages.ts';

/** ONNX's numbers of the element types (TensorProto.DataType). */
export const dataTypeNumbers: { readonly [T in DataType]: number } = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

const dataTypes = Object.keys(dataTypeNumbers) as DataType[];

/** The element type of a number. @throws EngineError INVALID_MODEL for those the engine does not hold */
export function dataTypeOf(number: number | undefined, where: string): DataType {
  const type = dataTypes.find((type) => dataTypeNumbers[type] === number);
  if (type === undefined) {
    throw new EngineError('INVALID_MODEL', `${where}: element type ${number ?? 'missing'} is not supported`);
  }
  return type;
}

/** The message of a tensor; its bytes are not copied. */
export function tensorMessage(name: string, content: Tensor): TensorMessage {
  return { name, dims: content.shape, dataType: dataTypeNumbers[content.type], rawData: bytesOf(content) };
}

/**
 * The tensor of a message. Raw bytes that lie aligned in memory are used where they are, others are copied.
 * @throws EngineError INVALID_MODEL
 */
export function tensorOfMessage(message: TensorMessage): Tensor {
  const where = `tensor '${message.name ?? ''}'`;
  refuseElsewhere(message, where);
  const type = dataTypeOf(message.dataType, where);
  const shape = shapeOf(message.dims ?? [], where);
  if (message.rawData !== undefined) return tensorOfRaw(type, shape, message.rawData, where);
  const values = listOf(type, message);
  expectFilled(sizeOf(shape), values.length, 'values', shape, where);
  return tensorOfList(type, shape, values);
}

/** @throws EngineError INVALID_MODEL unless the numbers are in the message itself */
export function refuseElsewhere(message: TensorMessage, where: string): void {
  if (message.dataLocation === 1 || (message.externalData?.length ?? 0) > 0) {
    throw new EngineError('INVALID_MODEL', `${where} keeps its data in another file, which is not supported`);
  }
  if (message.segment !== undefined) throw new EngineError('INVALID_MODEL', `${where} is stored in segments`);
}

/** Above this many dimensions a file is taken to be damaged. */
const mostDimensions = 64;

/** Sizes as numbers. @throws EngineError INVALID_MODEL */
export function shapeOf(dims: readonly (bigint | number)[], where: string): number[] {
  if (dims.length > mostDimensions) throw new EngineError('INVALID_MODEL', `${where} has ${dims.length} dimensions`);
  return dims.map((dim) => {
    const size = Number(dim);
    if (!Number.isSafeInteger(size) || size < 0)
      throw new EngineError('INVALID_MODEL', `${where} has a size of ${dim}`);
    return size;
  });
}

function tensorOfRaw(type: DataType, shape: number[], bytes: Uint8Array, where: string): Tensor {
  const { BYTES_PER_ELEMENT: width } = tensor(type, [0]).data;
  // Before any storage is made: the sizes may be anything.
  expectFilled(sizeOf(shape) * width, bytes.byteLength, 'bytes', shape, where);
  if (bytes.byteOffset % width !== 0) return tensorOfBytes(type, shape, bytes);
  return viewOf(type, shape, bytes);
}

const views: { readonly [T in DataType]: (bytes: Uint8Array, length: number) => StorageOf[T] } = {
  float32: ({ buffer, byteOffset }, length) => new Float32Array(buffer, byteOffset, length),
  float64: ({ buffer, byteOffset }, length) => new Float64Array(buffer, byteOffset, length),
  int32: ({ buffer, byteOffset }, length) => new Int32Array(buffer, byteOffset, length),
  int64: ({ buffer, byteOffset }, length) => new BigInt64Array(buffer, byteOffset, length),
  uint8: ({ buffer, byteOffset }, length) => new Uint8Array(buffer, byteOffset, length),
  int8: ({ buffer, byteOffset }, length) => new Int8Array(buffer, byteOffset, length),
  bool: ({ buffer, byteOffset }, length) => new Uint8Array(buffer, byteOffset, length),
};

function viewOf<T extends DataType>(type: T, shape: number[], bytes: Uint8Array): Tensor<T> {
  return tensor(type, shape, views[type](bytes, sizeOf(shape)));
}

/** Where the values lie when they are not raw (TensorProto, "typed" fields). */
function listOf(type: DataType, message: TensorMessage): readonly (number | bigint)[] {
  switch (type) {
    case 'float32':
      return message.floatData ?? [];
    case 'float64':
      return message.doubleData ?? [];
    case 'int64':
      return message.int64Data ?? [];
    case 'int32':
    case 'uint8':
    case 'int8':
    case 'bool':
      return message.int32Data ?? [];
  }
}

function tensorOfList(type: DataType, shape: number[], values: readonly (number | bigint)[]): Tensor {
  const result = tensor(type, shape);
  const { data } = result;
  if (data instanceof BigInt64Array) data.set(values.map(BigInt));
  else data.set(values.map(Number));
  return result;
}

function expectFilled(expected: number, actual: number, unit: string, shape: number[], where: string): void {
  if (expected !== actual) {
    throw new EngineError('INVALID_MODEL', `${where}: ${actual} ${unit} do not fill the shape [${shape.join(', ')}]`);
  }
}
