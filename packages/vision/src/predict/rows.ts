/** @file The rows of a list of predictions that is written, read back one at a time, however many there are. */
import { predictionStatusSchema } from '@busana/contracts';
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { csvCells, type PredictionFormat } from './output.ts';

const LINE_END = 0x0a;
const QUOTE = 0x22;

/** A row without its line end. */
export interface Row {
  readonly text: string;
  /** Bytes of the file up to the end of the row, its line end included. */
  readonly end: number;
}

/** Rows that are complete: what follows the last line end is none. A csv cell in quotes may hold line ends. */
export async function* readRows(file: string, format: PredictionFormat): AsyncGenerator<Row> {
  let quoted = false;
  let position = 0;
  let pieces: Buffer[] = [];
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (chunk[at] === QUOTE && format === 'csv') quoted = !quoted;
      if (chunk[at] !== LINE_END || quoted) continue;
      pieces.push(chunk.subarray(start, at));
      yield { text: Buffer.concat(pieces).toString(), end: position + at + 1 };
      pieces = [];
      start = at + 1;
    }
    pieces.push(chunk.subarray(start));
    position += chunk.length;
  }
}

const rowSchema = z.object({ image: z.string(), status: predictionStatusSchema });

/** What a row is about, and whether its photo could be read; undefined for what is no row of the format. */
export function describeRow(text: string, format: PredictionFormat): { image: string; failed: boolean } | undefined {
  const found = rowSchema.safeParse(format === 'csv' ? fromCells(csvCells(text)) : fromJson(text));
  return found.success ? { image: found.data.image, failed: found.data.status === 'error' } : undefined;
}

/** By position: an attribute may be called `status` too. */
function fromCells(cells: readonly string[]): unknown {
  return { image: cells[0], status: cells.at(-3) };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
