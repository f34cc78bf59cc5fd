/** @file Where an interrupted prediction goes on: its rows against the photos that the sources list now. */
import { BusanaError } from '@busana/contracts';
import type { Photo } from '../data/dataset.ts';
import type { PredictionFormat } from './output.ts';
import { describeRow, readRows } from './rows.ts';

export interface Interrupted {
  /** The file of rows. */
  readonly file: string;
  readonly format: PredictionFormat;
  /** First line of the form; undefined where it has none. */
  readonly header: string | undefined;
  /** Photos that the model is asked at once. */
  readonly batch: number;
}

export interface Continuation {
  /** Photos whose rows are kept, and how many of them could not be read. */
  readonly kept: number;
  readonly failed: number;
  /** Bytes of the file that are kept; 0 when not even the header is whole. */
  readonly end: number;
  /** The photos that are left. */
  readonly photos: AsyncIterable<Photo>;
}

/**
 * Rows are kept in whole batches: the last digits of an answer may depend on the photos it was computed together with,
 * and the result is to be what an uninterrupted run writes.
 * @throws BusanaError RESUME_IMPOSSIBLE when a row is not of the photo that is listed in its place
 */
export async function findContinuation(
  { file, format, header, batch }: Interrupted,
  photos: AsyncIterable<Photo>,
): Promise<Continuation> {
  const source = photos[Symbol.asyncIterator]();
  const sure = { kept: 0, failed: 0, end: 0 };
  const seen = { rows: 0, failed: 0 };
  let headerMissing = header !== undefined;
  let unsure: Photo[] = [];
  for await (const { text, end } of readRows(file, format)) {
    if (headerMissing) {
      if (text !== header) throw impossible(file, 'it has other columns');
      headerMissing = false;
      sure.end = end;
      continue;
    }
    seen.rows += 1;
    const row = describeRow(text, format);
    const next = await source.next();
    if (next.done === true) throw impossible(file, `it has more rows than the sources have photos: ${seen.rows - 1}`);
    const { name } = next.value;
    if (row?.image !== name) {
      const is = row === undefined ? 'damaged' : `of ${row.image}`;
      throw impossible(file, `row ${seen.rows} is ${is}, where the sources list ${name}`);
    }
    if (row.failed) seen.failed += 1;
    unsure.push(next.value);
    if (unsure.length === batch) {
      Object.assign(sure, { kept: seen.rows, failed: seen.failed, end });
      unsure = [];
    }
  }
  return { ...sure, photos: continued(unsure, source) };
}

async function* continued(first: readonly Photo[], rest: AsyncIterator<Photo>): AsyncGenerator<Photo> {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** The error of a partial result that cannot be gone on with. */
export function impossible(file: string, why: string, cause?: unknown): BusanaError {
  return new BusanaError('RESUME_IMPOSSIBLE', `${file} cannot be gone on with: ${why}`, {
    remedy: 'Give the same model, format and sources as before, or start over without --resume.',
    cause,
  });
}
