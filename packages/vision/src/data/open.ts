/** @file Opens a data set: one source, or the several that a YAML file lists. */
import { BusanaError, type Problem } from '@busana/contracts';
import { extname } from 'node:path';
import { MISSING, type Dataset } from './dataset.ts';
import { mergeDatasets, type Part } from './merge.ts';
import { openOne, type DatasetOptions } from './open-one.ts';
import { readSources } from './sources-file.ts';

/**
 * @throws BusanaError DATA_INVALID with every problem and its row, unless `skipBad`; DATA_NOT_FOUND, SCHEMA_INVALID,
 * ARCHIVE_INVALID
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const { source, skipBad = false, taxonomy, verifyImages, cache } = options;
  if (!['.yaml', '.yml'].includes(extname(source).toLowerCase())) return openOne(options);
  const refused = (['images', 'idColumn', 'attributes', 'group', 'schema'] as const).filter(
    (key) => options[key] !== undefined,
  );
  if (refused.length > 0) {
    throw new BusanaError('USAGE', `${source} says for each source what ${refused.join(', ')} would say for all`, {
      remedy: `Write it into ${source}.`,
    });
  }
  const parts: (Part & { readonly forgiving: boolean })[] = [];
  const failures: { readonly source: string; readonly error: BusanaError }[] = [];
  for (const { name, skipBad: forgiving, ...entry } of await readSources(source)) {
    const shared = {
      ...(taxonomy && { taxonomy }),
      ...(verifyImages !== undefined && { verifyImages }),
      ...(cache !== undefined && { cache }),
      partial: true,
    };
    try {
      // What is wrong is gathered first, so that the problems of all sources are told at once.
      parts.push({ name, forgiving, dataset: await openOne({ ...entry, ...shared, skipBad: true }) });
    } catch (error) {
      if (!(error instanceof BusanaError)) throw error;
      failures.push({ source: entry.source, error });
    }
  }
  const rows = parts.flatMap(({ forgiving, dataset }) => (forgiving || skipBad ? [] : dataset.dropped));
  if (failures.length === 1 && rows.length === 0) throw failures[0]!.error;
  const problems = [...failures.flatMap(problemsOf), ...rows];
  if (problems.length > 0) {
    const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
    throw new BusanaError('DATA_INVALID', `${source} has ${count}`, { problems });
  }
  const dataset = mergeDatasets(source, parts, taxonomy);
  if (dataset.photos.some(({ targets }) => targets.some((target) => target !== MISSING))) return dataset;
  const wanted = dataset.taxonomy.attributes.map(({ name }) => name).join(', ');
  throw new BusanaError('DATA_INVALID', `no source of ${source} has labels of ${wanted}`, {
    remedy: 'Name the columns of these attributes with attributes and rename.',
  });
}

/** A source that could not be opened at all: its rows, or what is wrong with the whole of it. */
function problemsOf({ source, error }: { readonly source: string; readonly error: BusanaError }): readonly Problem[] {
  return error.problems.length > 0 ? error.problems : [{ file: source, message: error.message }];
}
