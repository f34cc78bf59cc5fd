/**
 * @file What `torch.save` wrote before PyTorch 1.6 (`_legacy_save` in torch/serialization.py): pickles of a magic
 * number, a version, facts about the machine, the object and the keys of its storages, then each storage with its
 * length before it.
 */
import type { TensorMap } from '@busana/engine';
import { elementBytes } from './elements.ts';
import { readPickle } from './pickle.ts';
import { dictionaryOf, itemsOf, type PickleValue } from './pickle-values.ts';
import { invalidWeights, quoted } from './refusal.ts';
import { stateDictOf } from './state-dict.ts';
import { permitsOfTorch } from './torch-globals.ts';
import { loadTensors } from './torch-load.ts';
import { isSameStorage, storageOf, type StorageReference } from './torch-tensors.ts';
import type { WeightsFile } from './weights-file.ts';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;
/** The pickles at the start have some hundred bytes per tensor. */
const LONGEST_HEAD = 64 * 2 ** 20;

/** @throws BusanaError WEIGHTS_INVALID */
export async function readTorchLegacy(file: WeightsFile): Promise<TensorMap> {
  const head = await file.head(LONGEST_HEAD);
  let start = 0;
  const next = () => {
    const pickle = readPickle(head, { file: file.path, permits: permitsOfTorch, start });
    start = pickle.end;
    return pickle;
  };
  if (next().value !== MAGIC) throw invalidWeights(file.path, 'it is a pickle that torch.save did not write');
  const { value: version } = next();
  if (version !== VERSION) throw invalidWeights(file.path, `its format has the version ${describe(version)}`);
  if (dictionaryOf(next().value)?.get('little_endian') !== true) {
    throw invalidWeights(file.path, 'it comes from a big-endian machine, which is not read');
  }
  const { value: checkpoint, references } = next();
  const storages = new Map<string, StorageReference>();
  for (const reference of references) {
    const storage = storageOf(reference, file.path);
    if (!isSameStorage(storages.get(storage.key) ?? storage, storage)) {
      throw invalidWeights(file.path, `storage ${describe(storage.key)} is referred to as two different ones`);
    }
    storages.set(storage.key, storage);
  }
  const positions = await storagePositions(file, itemsOf(next().value) ?? [], storages, start);
  return loadTensors(stateDictOf(checkpoint, file.path), file, ({ key, type, elements }) =>
    file.read(positions.get(key)!, elements * elementBytes[type]),
  );
}

/** Where the numbers of each storage start. */
async function storagePositions(
  file: WeightsFile,
  keys: readonly PickleValue[],
  storages: ReadonlyMap<string, StorageReference>,
  start: number,
): Promise<ReadonlyMap<string, number>> {
  const positions = new Map<string, number>();
  let position = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined)
      throw invalidWeights(file.path, `it has a storage ${describe(key)} that nothing refers to`);
    const length = new DataView((await file.read(position, 8)).buffer).getBigInt64(0, true);
    if (length !== BigInt(storage.elements)) {
      throw invalidWeights(file.path, `storage ${describe(key)} has ${length} numbers, not ${storage.elements}`);
    }
    positions.set(storage.key, position + 8);
    position += 8 + storage.elements * elementBytes[storage.type];
  }
  const missing = [...storages.keys()].find((key) => !positions.has(key));
  if (missing !== undefined) throw invalidWeights(file.path, `storage ${describe(missing)} is not in the file`);
  if (position > file.size) throw invalidWeights(file.path, `it is cut off: ${file.size} bytes of ${position}`);
  return positions;
}

function describe(value: PickleValue): string {
  return typeof value === 'string' || typeof value === 'number' ? `'${quoted(String(value))}'` : 'of no name';
}
