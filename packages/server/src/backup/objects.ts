/** @file The files of the storage that a database speaks of. What can be drawn anew, such as thumbnails, is not among them. */
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import { cardKey, modelKey } from '../models/files.ts';
import { photoKey } from '../photos/store.ts';

const keysSchema = z.object({ rows: z.array(z.object({ key: z.string() })) });

export interface WantedObject {
  readonly key: string;
  /** SHA-256 that it has to have, where its key says so. */
  readonly sha256?: string;
  /** Whether it may be missing. */
  readonly optional?: boolean;
}

/**
 * In the order of their keys, each once.
 * @param tables that there are: an older database has fewer
 */
export async function objectsOf(
  transaction: Pick<Orm, 'execute'>,
  tables: ReadonlySet<string>,
): Promise<WantedObject[]> {
  const keys = async (table: string, query: string): Promise<string[]> => {
    if (!tables.has(table)) return [];
    return keysSchema.parse(await transaction.execute(sql.raw(query))).rows.map(({ key }) => key);
  };
  const wanted = new Map<string, WantedObject>();
  for (const hash of await keys('photos', 'select hash as key from photos')) {
    wanted.set(photoKey(hash), { key: photoKey(hash), sha256: hash });
  }
  for (const hash of await keys('models', 'select hash as key from models')) {
    wanted.set(modelKey(hash), { key: modelKey(hash), sha256: hash });
    wanted.set(cardKey(hash), { key: cardKey(hash), optional: true });
  }
  for (const key of await keys('import_items', COMING)) if (!wanted.has(key)) wanted.set(key, { key });
  // One that has come further has no need of it.
  for (const key of await keys('trainings', TAUGHT)) wanted.set(key, { key, optional: true });
  return [...wanted.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Photos of imports that are not in the store yet, and archives that they are still in. Older tables have fewer columns. */
const COMING = `select distinct coalesce(location->>'key', location->>'archive') as key from import_items
  where state = 'waiting' and to_jsonb(import_items)->>'photo_hash' is null and location->>'kind' in ('stored', 'packed')`;
const TAUGHT = `select distinct to_jsonb(trainings)->'data'->>'path' as key from trainings
  where state <> 'done' and to_jsonb(trainings)->'data'->>'path' like 'trainings/%'`;
