/** @file A data set of its own as photos with labels, like those that people have confirmed. */
import {
  closeZip,
  hashOf,
  inspectPhoto,
  openDataset,
  readImageBytes,
  writeOutput,
  type LabelledPhoto,
} from '@busana/vision';
import { join } from 'node:path';
import type { ConfirmedPhoto, UnpackTask } from '../jobs/tasks.ts';

/**
 * Each photo once; one without any label is left out.
 * @throws BusanaError DATA_INVALID with every problem and its row, DATA_NOT_FOUND, ARCHIVE_INVALID
 */
export async function unpack({ source, taxonomy, folder, cache }: UnpackTask): Promise<ConfirmedPhoto[]> {
  const { photos } = await openDataset({ source, taxonomy, cache });
  const groupOf = groupNumbers(photos);
  const found = new Map<string, ConfirmedPhoto>();
  for (const [at, { location, targets }] of photos.entries()) {
    const known = taxonomy.attributes.flatMap(({ name, values }, attribute) => {
      const value = values[targets[attribute]!];
      return value === undefined ? [] : [[name, value.code] as const];
    });
    if (known.length === 0) continue;
    const bytes = await readImageBytes(location);
    const hash = hashOf([bytes]);
    if (found.has(hash)) continue;
    const { format } = await inspectPhoto(bytes);
    const path = location.kind === 'file' ? location.path : join(folder, hash);
    if (location.kind !== 'file') await writeOutput(path, bytes);
    found.set(hash, { hash, path, format, product: groupOf[at]!, labels: Object.fromEntries(known) });
  }
  if (source.endsWith('.zip')) await closeZip(source);
  return [...found.values()];
}

/** Below 0, so that none is the product of a catalogue. */
function groupNumbers(photos: readonly LabelledPhoto[]): number[] {
  const numbers = new Map<string, number>();
  return photos.map(({ group }, at) => {
    if (group === undefined) return -1 - at;
    const number = numbers.get(group) ?? -1 - at;
    numbers.set(group, number);
    return number;
  });
}
