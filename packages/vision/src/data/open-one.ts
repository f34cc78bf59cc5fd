/** @file Opens one source: labels read and checked, photos found, every problem listed at once. */
import { BusanaError, type Problem } from '@busana/contracts';
import type { Dataset, LabelledPhoto } from './dataset.ts';
import { unreadablePhotos } from './integrity.ts';
import { readLabels, type LabelOptions } from './labels.ts';
import { findLayout } from './layout.ts';

export interface DatasetOptions extends LabelOptions {
  /** Folder, zip or CSV. */
  readonly source: string;
  /** Folder or zip of the photos, when they are not beside the table. */
  readonly images?: string | undefined;
  /** Drop what has problems instead of refusing. */
  readonly skipBad?: boolean | undefined;
  /** Prove that every photo can be decoded; default true. */
  readonly verifyImages?: boolean;
  /** Folder that remembers between runs which photos have been proved. */
  readonly cache?: string;
}

/**
 * @throws BusanaError DATA_INVALID with every problem and its row, unless `skipBad`; DATA_NOT_FOUND, SCHEMA_INVALID,
 * ARCHIVE_INVALID
 */
export async function openOne(options: DatasetOptions): Promise<Dataset> {
  const { source, images, skipBad = false, verifyImages = true, cache } = options;
  const layout = await findLayout(source, images);
  const labels = await readLabels(layout, options, source);
  const unreadable = verifyImages ? await unreadablePhotos(labels.photos, cache) : new Map<LabelledPhoto, string>();
  const problems = [
    ...labels.problems,
    ...[...unreadable].map(([{ name, row }, reason]): Problem => {
      return row === undefined || layout.kind === 'folders'
        ? { file: name, message: reason }
        : { file: `${layout.file} (${name})`, row, message: reason };
    }),
  ];
  if (problems.length > 0 && !skipBad) {
    const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
    throw new BusanaError('DATA_INVALID', `${source} has ${count}`, { problems });
  }
  const photos = labels.photos.filter((photo) => !unreadable.has(photo));
  if (photos.length === 0) throw new BusanaError('DATA_INVALID', `${source} has no usable photo`, { problems });
  const test = layout.kind === 'table' ? layout.test.map((file) => ({ id: stem(file.name), ...file })) : [];
  return { source, taxonomy: labels.taxonomy, photos, test, dropped: problems };
}

function stem(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}
