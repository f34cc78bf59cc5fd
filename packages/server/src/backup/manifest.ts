/**
 * @file What a backup says of itself. It is a tar: `objects/…` with the files of the storage, `tables/….jsonl` with a
 * line a row, `objects.jsonl` with a line an object, and at its end `manifest.json` and `manifest.sha256`, without which it
 * is not whole.
 */
import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const name = z.string().regex(/^[a-z_]+$/);

export const tableSchema = z.object({
  name,
  columns: z.array(name).min(1),
  rows: count,
  bytes: count,
  /** SHA-256 of its lines. */
  sha256: hash,
  /** Of the column that numbers rows by itself: the last number that was given. */
  sequence: z.object({ column: name, last: z.string().regex(/^\d+$/), called: z.boolean() }).nullable(),
});
export type BackupTable = z.infer<typeof tableSchema>;

export const objectSchema = z.object({ key: z.string(), bytes: count, sha256: hash });
export type BackupObject = z.infer<typeof objectSchema>;

export const manifestSchema = z.object({
  format: z.literal(1),
  /** Version of busana that has made it. */
  version: z.string(),
  created_at: z.iso.datetime(),
  /** The last change of the tables, by its name. */
  migration: z.string(),
  tables: z.array(tableSchema),
  objects: z.object({ count, bytes: count, sha256: hash }),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** How far it is: rows, files or bytes of so many. */
export type OnProgress = (step: 'tables' | 'files' | 'verify' | 'restore', done: number, total: number) => void;
