/** @file From references to the tensors of PyTorch's files to tensors in memory. */
import { sizeOf, type Tensor, type TensorMap } from '@busana/engine';
import { narrowed } from './elements.ts';
import { invalidWeights, quoted } from './refusal.ts';
import { isSameStorage, tensorIn, type StorageReference, type TensorReference } from './torch-tensors.ts';
import type { WeightsFile } from './weights-file.ts';

/** Numbers per byte of the file: tensors share storages, but those that all overlap would take any amount of memory. */
const MOST_PER_BYTE = 4;

/**
 * Reads each storage once, whatever the number of its tensors, and keeps none.
 * @returns tensors by name, in the order given; floating-point numbers are float32
 */
export async function loadTensors(
  references: ReadonlyMap<string, TensorReference>,
  file: WeightsFile,
  readStorage: (storage: StorageReference) => Promise<Uint8Array>,
): Promise<TensorMap> {
  const numbers = [...references.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (numbers > file.size * MOST_PER_BYTE) {
    throw invalidWeights(file.path, `its tensors have ${numbers} numbers in a file of ${file.size} bytes`);
  }
  const byStorage = new Map<string, [name: string, reference: TensorReference][]>();
  for (const [name, reference] of references) {
    const { key, type, elements } = reference.storage;
    const sharing = byStorage.get(key) ?? [];
    if (sharing[0] !== undefined && !isSameStorage(sharing[0][1].storage, reference.storage)) {
      throw invalidWeights(file.path, `tensor '${quoted(name)}' takes its storage for one of ${elements} ${type}`);
    }
    sharing.push([name, reference]);
    byStorage.set(key, sharing);
  }
  const loaded = new Map<string, Tensor>();
  for (const sharing of byStorage.values()) {
    const bytes = await readStorage(sharing[0]![1].storage);
    for (const [name, reference] of sharing) loaded.set(name, narrowed(tensorIn(bytes, reference)));
  }
  return new Map([...references.keys()].map((name) => [name, loaded.get(name)!]));
}
