import { columnIndex } from '../data/columns.ts';
import { readTable } from '../data/csv.ts';
import type { RunFolder } from './run-folder.ts';

const SPLITS = 'splits.csv';

/**
 * The groups of a run's `splits.csv`: copies of one another, or of one product.
 * @param judged names of the photos that were judged
 * @returns group of each of them, then of all other photos of the run, in its order; undefined where the file is missing
 * or lacks one of them
 * @throws BusanaError DATA_INVALID when a column is missing
 */
export async function readGroups(folder: RunFolder, judged: readonly string[]): Promise<number[] | undefined> {
  const bytes = await folder.read(SPLITS);
  if (bytes === undefined) return undefined;
  const file = folder.file(SPLITS);
  const table = readTable(bytes, file);
  const [image, group] = [columnIndex(table, 'image', file), columnIndex(table, 'group', file)];
  const groupOf = new Map(table.rows.map(({ cells }) => [cells[image]!, cells[group]!]));
  if (!judged.every((name) => groupOf.has(name))) return undefined;
  const known = new Set(judged);
  const order = [...judged, ...[...groupOf.keys()].filter((name) => !known.has(name))];
  const numbers = new Map([...new Set(groupOf.values())].map((name, index) => [name, index]));
  return order.map((name) => numbers.get(groupOf.get(name)!)!);
}
