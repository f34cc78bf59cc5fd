/** @file The weights of ONNX models, read without looking at the graph around them. */
import { EngineError } from '../errors.ts';
import { bytesOf, sizeOf, type DataType } from '../graph/tensor.ts';
import { readModelMessage, type TensorMessage } from './messages.ts';
import { refuseElsewhere, shapeOf, tensorOfMessage } from './tensors.ts';

/** Types that files use and the engine has no storage for, by ONNX's numbers (TensorProto.DataType). */
const halves = { float16: 10, bfloat16: 16 } as const;

export interface StoredInitializer {
  readonly name: string;
  readonly type: DataType | keyof typeof halves;
  readonly shape: readonly number[];
  /** Little-endian numbers in row-major order; they may share the memory of the model's bytes. */
  readonly bytes: Uint8Array;
}

/**
 * The initializers of a model in their order, whatever its operators are.
 * @throws EngineError INVALID_MODEL for bytes that are no model, and naming a tensor that is damaged or of another type
 */
export function decodeInitializers(bytes: Uint8Array): StoredInitializer[] {
  try {
    return (readModelMessage(bytes).graph?.initializer ?? []).map(initializerOf);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('INVALID_MODEL', `the bytes are not a well-formed ONNX model: ${reason}`, error);
  }
}

function initializerOf(message: TensorMessage): StoredInitializer {
  const { name = '', dataType } = message;
  for (const type of ['float16', 'bfloat16'] as const) {
    if (dataType === halves[type]) return { name, type, ...halvesOf(message, `tensor '${name}'`) };
  }
  const content = tensorOfMessage(message);
  return { name, type: content.type, shape: content.shape, bytes: bytesOf(content) };
}

function halvesOf(message: TensorMessage, where: string): Pick<StoredInitializer, 'shape' | 'bytes'> {
  refuseElsewhere(message, where);
  const shape = shapeOf(message.dims ?? [], where);
  // Typed values have 16 bits in each number of int32_data.
  const bytes = message.rawData ?? new Uint8Array(Uint16Array.from(message.int32Data ?? []).buffer);
  if (bytes.byteLength !== 2 * sizeOf(shape)) {
    throw new EngineError('INVALID_MODEL', `${where}: ${bytes.byteLength} bytes do not fill [${shape.join(', ')}]`);
  }
  return { shape, bytes };
}
