/** @file What was measured of one order of pixels on one photo, a line of the file that runs add to. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { measures } from './areas.ts';

const areasSchema = z.object({ probability: z.number(), logOdds: z.number() });

export const rowSchema = z.object({
  photo: z.string(),
  attribute: z.string(),
  /** A method, or an order that knows nothing of the model. */
  order: z.string(),
  areas: z.record(z.enum(measures), areasSchema),
  /** Of methods whose values add up: by how much they miss, in units of the range of scores, and that range. */
  missed: z.object({ share: z.number(), range: z.number(), error: z.number() }).optional(),
  /** Spearman correlation with the same method on randomised weights, of values and of their sizes. */
  randomised: z.object({ values: z.number(), sizes: z.number() }).optional(),
});
export type Row = z.infer<typeof rowSchema>;

/** Rows of earlier runs; none where there is no file yet. */
export async function readRows(file: string): Promise<Row[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.map((line) => rowSchema.parse(JSON.parse(line)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
