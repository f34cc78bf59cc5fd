import type { Tensor, TensorMap } from '@busana/engine';
import { narrowed, tensorOfElements } from './elements.ts';
import { headerLengthOf, LENGTH_BYTES, parseHeader } from './safetensors-header.ts';
import type { WeightsFile } from './weights-file.ts';

/**
 * The tensors of a safetensors file, read one after the other: besides them, memory holds the header and one tensor.
 * @returns tensors by name; floating-point numbers are float32
 * @throws BusanaError WEIGHTS_INVALID
 */
export async function readSafetensorsFile(file: WeightsFile): Promise<TensorMap> {
  const headerLength = headerLengthOf(await file.head(LENGTH_BYTES), file.size, file.path);
  const start = LENGTH_BYTES + headerLength;
  const { entries } = parseHeader(await file.read(LENGTH_BYTES, headerLength), file.size - start, file.path);
  const tensors = new Map<string, Tensor>();
  for (const { name, type, shape, begin, end } of entries) {
    const bytes = await file.read(start + begin, end - begin);
    tensors.set(name, narrowed(tensorOfElements(type, shape, bytes)));
  }
  return tensors;
}
