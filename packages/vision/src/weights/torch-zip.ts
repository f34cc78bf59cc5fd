/**
 * @file What `torch.save` writes since PyTorch 1.6: a zip with the pickle `<name>/data.pkl` and each storage's numbers
 * as `<name>/data/<key>` (`_save` in torch/serialization.py).
 */
import { BusanaError } from '@busana/contracts';
import type { TensorMap } from '@busana/engine';
import { listZip, readZipEntry } from '../data/zip.ts';
import { elementBytes } from './elements.ts';
import { readPickle } from './pickle.ts';
import { invalidWeights, quoted } from './refusal.ts';
import { stateDictOf } from './state-dict.ts';
import { permitsOfTorch } from './torch-globals.ts';
import { loadTensors } from './torch-load.ts';
import type { WeightsFile } from './weights-file.ts';

const PICKLE = 'data.pkl';
const LONGEST_PICKLE = 64 * 2 ** 20;

/** @throws BusanaError WEIGHTS_INVALID */
export async function readTorchZip(file: WeightsFile): Promise<TensorMap> {
  try {
    return await read(file);
  } catch (error) {
    if (!(error instanceof BusanaError) || error.code !== 'ARCHIVE_INVALID') throw error;
    throw invalidWeights(file.path, error.message.replace(`${file.path} `, 'the archive '), { cause: error });
  }
}

async function read(file: WeightsFile): Promise<TensorMap> {
  const entries = new Set(await listZip(file.path));
  const pickleEntry = [...entries].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickleEntry === undefined) {
    throw invalidWeights(file.path, `it is a zip archive without ${PICKLE}: torch.save did not write it`);
  }
  const folder = pickleEntry.slice(0, -PICKLE.length);
  if (entries.has(`${folder}byteorder`)) await refuseBigEndian(file, `${folder}byteorder`);
  const bytes = await readZipEntry(file.path, pickleEntry);
  if (bytes.byteLength > LONGEST_PICKLE) throw invalidWeights(file.path, `its pickle has ${bytes.byteLength} bytes`);
  const { value } = readPickle(bytes, { file: file.path, permits: permitsOfTorch });
  return loadTensors(stateDictOf(value, file.path), file, async ({ key, type, elements }) => {
    const entry = `${folder}data/${key}`;
    if (!entries.has(entry)) throw invalidWeights(file.path, `storage '${quoted(key)}' is not in the file`);
    const storage = await readZipEntry(file.path, entry);
    if (storage.byteLength !== elements * elementBytes[type]) {
      const found = `${storage.byteLength} bytes, not ${elements} numbers of ${type}`;
      throw invalidWeights(file.path, `storage '${quoted(key)}' has ${found}`);
    }
    return storage;
  });
}

async function refuseBigEndian({ path }: WeightsFile, entry: string): Promise<void> {
  const order = new TextDecoder().decode(await readZipEntry(path, entry));
  if (order !== 'little') throw invalidWeights(path, `its numbers are ${quoted(order)}-endian, which is not read`);
}
