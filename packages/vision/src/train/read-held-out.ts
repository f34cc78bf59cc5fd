/** @file The `predictions.csv` of a run, read back: what its networks said of photos they had not seen. */
import { BusanaError, type Taxonomy } from '@busana/contracts';
import { z } from 'zod';
import { columnIndex } from '../data/columns.ts';
import { readTable, type Table } from '../data/csv.ts';
import { MISSING, type Targets } from '../data/dataset.ts';
import type { HeldOut } from './held-out.ts';
import type { RunFolder } from './run-folder.ts';

/** A photo as a run's file names it, with its labels. */
export interface JudgedPhoto {
  readonly name: string;
  readonly targets: Targets;
}

/** What a run's file holds, photos in its order. */
export interface ReadHeldOut {
  /** Attributes with the codes of their values; names and kinds are not in the file. */
  readonly taxonomy: Taxonomy;
  /** Of each arm: its photos, and its answers with positions in that list. */
  readonly arms: readonly { readonly photos: readonly JudgedPhoto[]; readonly heldOut: HeldOut }[];
}

const PREDICTIONS = 'predictions.csv';
/** An empty cell would count as 0. */
const probabilitySchema = z.string().min(1).transform(Number).pipe(z.number().min(0).max(1));
const remedy = 'Train the run anew, or leave it out.';

/** @throws BusanaError DATA_NOT_FOUND when the run held nothing back; DATA_INVALID */
export async function readHeldOut(folder: RunFolder): Promise<ReadHeldOut> {
  const file = folder.file(PREDICTIONS);
  const bytes = await folder.read(PREDICTIONS);
  if (bytes === undefined) {
    throw new BusanaError(
      'DATA_NOT_FOUND',
      `${folder.path} has no ${PREDICTIONS}: nothing was held back, or it is not finished`,
      {
        remedy: 'Finish it with --resume, or train with --folds.',
      },
    );
  }
  const table = readTable(bytes, file);
  if (table.problems.length > 0)
    throw new BusanaError('DATA_INVALID', `${file} is damaged`, { problems: table.problems, remedy });
  const attributes = attributesOf(table);
  const [arm, fold, image] = ['arm', 'fold', 'image'].map((name) => columnIndex(table, name, file)) as [
    number,
    number,
    number,
  ];
  const names = [...new Set(table.rows.map(({ cells }) => cells[arm]!))];
  return {
    taxonomy: { id: 'image', attributes: attributes.map(({ attribute }) => attribute) },
    arms: names.map((name) => {
      const rows = table.rows.filter(({ cells }) => cells[arm] === name);
      return {
        photos: rows.map(({ line, cells }) => ({
          name: cells[image]!,
          targets: attributes.map((attribute) => targetOf(line, cells[attribute.truth]!, attribute.codes, file)),
        })),
        heldOut: {
          arm: name,
          photos: rows.map((_, index) => index),
          folds: rows.map(({ cells }) => Number(cells[fold])),
          probabilities: attributes.map(({ first, codes }) =>
            Float32Array.from(rows.flatMap((row) => codes.map((_, at) => probabilityOf(row, first + at, file)))),
          ),
        },
      };
    }),
  };
}

/** The columns `<name>_truth`, `<name>`, `<name>_confidence`, `<name>=<code>` … of each attribute. */
function attributesOf({ header }: Table) {
  return header.flatMap((title, truth) => {
    if (!title.endsWith('_truth')) return [];
    const name = title.slice(0, -'_truth'.length);
    const codes = header.filter((other) => other.startsWith(`${name}=`)).map((other) => other.slice(name.length + 1));
    const values = codes.map((code) => ({ code, names: { en: code }, aliases: [] }));
    const attribute = { name, titles: {}, kind: 'other' as const, values };
    return [{ attribute, truth, codes, first: header.indexOf(`${name}=${codes[0] ?? ''}`) }];
  });
}

/** A photo without a label has an empty cell. */
function targetOf(line: number, cell: string, codes: readonly string[], file: string): number {
  const target = cell === '' ? MISSING : codes.indexOf(cell);
  if (cell === '' || target >= 0) return target;
  throw damaged(file, line, `'${cell}' is none of ${codes.join(', ')}`);
}

function probabilityOf({ line, cells }: Table['rows'][number], column: number, file: string): number {
  const parsed = probabilitySchema.safeParse(cells[column]);
  if (parsed.success) return parsed.data;
  throw damaged(file, line, `'${cells[column] ?? ''}' is no probability`);
}

function damaged(file: string, row: number, message: string): BusanaError {
  return new BusanaError('DATA_INVALID', `${file} is damaged`, { problems: [{ file, row, message }], remedy });
}
