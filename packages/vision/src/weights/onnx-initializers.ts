/** @file Weights out of ONNX models: their initializers, by the names that the exporter gave them. */
import { decodeInitializers, EngineError, type TensorMap } from '@busana/engine';
import { narrowed, tensorOfElements } from './elements.ts';
import { invalidWeights } from './refusal.ts';
import type { WeightsFile } from './weights-file.ts';

/** The largest message of protocol buffers. */
const LARGEST = 2 ** 31;

/** @throws BusanaError WEIGHTS_INVALID */
export async function readOnnxInitializers(file: WeightsFile): Promise<TensorMap> {
  if (file.size >= LARGEST) throw invalidWeights(file.path, `${file.size} bytes are more than an ONNX model has`);
  const bytes = await file.read(0, file.size);
  try {
    const initializers = decodeInitializers(bytes);
    if (initializers.length === 0) throw invalidWeights(file.path, 'the model has no initializers');
    return new Map(
      initializers.map(({ name, type, shape, bytes }) => [name, narrowed(tensorOfElements(type, shape, bytes))]),
    );
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw invalidWeights(file.path, error.message, { cause: error });
  }
}
