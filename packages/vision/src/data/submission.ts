import { BusanaError } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import { readTable } from './csv.ts';

/** A sample submission: what columns to write, for which ids, in which order. */
export interface SubmissionSample {
  readonly idColumn: string;
  readonly attributes: readonly string[];
  readonly ids: readonly string[];
}

/** The first column names the photo, the others are attributes. @throws BusanaError DATA_NOT_FOUND, DATA_INVALID */
export async function readSubmissionSample(file: string): Promise<SubmissionSample> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new BusanaError('DATA_NOT_FOUND', `${file} cannot be opened`, { cause });
  });
  const { header, rows, problems } = readTable(bytes, file);
  if (problems.length > 0) throw new BusanaError('DATA_INVALID', `${file} has malformed rows`, { problems });
  const [idColumn, ...attributes] = header;
  if (attributes.length === 0) throw new BusanaError('DATA_INVALID', `${file} has no attribute column`);
  return { idColumn: idColumn!, attributes, ids: rows.map(({ cells }) => cells[0]!) };
}
