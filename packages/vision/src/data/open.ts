/** @file Opens a data set: one source, or the several that a YAML file lists. */
import { BusanaError } from '@busana/contracts';
import { extname } from 'node:path';
import type { Dataset } from './dataset.ts';
import { mergeDatasets } from './merge.ts';
import { openOne, type DatasetOptions } from './open-one.ts';
import { readSources } from './sources-file.ts';

/**
 * @throws BusanaError DATA_INVALID with every problem and its row, unless `skipBad`; DATA_NOT_FOUND, SCHEMA_INVALID,
 * ARCHIVE_INVALID
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const { source, skipBad = false, taxonomy, verifyImages } = options;
  if (!['.yaml', '.yml'].includes(extname(source).toLowerCase())) return openOne(options);
  const refused = (['images', 'idColumn', 'attributes', 'group', 'schema'] as const).filter(
    (key) => options[key] !== undefined,
  );
  if (refused.length > 0) {
    throw new BusanaError('USAGE', `${source} says for each source what ${refused.join(', ')} would say for all`, {
      remedy: `Write it into ${source}.`,
    });
  }
  const parts = [];
  for (const { name, skipBad: forgiving, ...entry } of await readSources(source)) {
    const shared = { ...(taxonomy && { taxonomy }), ...(verifyImages !== undefined && { verifyImages }) };
    // What is wrong is gathered first, so that the problems of all sources are told at once.
    parts.push({ name, forgiving, dataset: await openOne({ ...entry, ...shared, skipBad: true }) });
  }
  const problems = parts.flatMap(({ forgiving, dataset }) => (forgiving ? [] : dataset.dropped));
  if (problems.length > 0 && !skipBad) {
    const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
    throw new BusanaError('DATA_INVALID', `${source} has ${count}`, { problems });
  }
  return mergeDatasets(source, parts, taxonomy);
}
