/** @file An import is written down, whole, before anything of it is done. */
import type { Orm } from '../database/open.ts';
import { importItems, imports } from '../database/schema/imports.ts';
import type { ImportEntry } from './entries.ts';

export interface NewImport {
  /** What was given, in words. */
  readonly source: string;
  /** Archive that is the import's own. */
  readonly archive: string | null;
  /** Whether it belongs to the demo catalogue. */
  readonly demo?: boolean;
  readonly entries: readonly ImportEntry[];
}

/** Rows of one statement: the protocol has room for 65,535 values. */
const ROWS = 2000;

/** @returns its id */
export async function createImport(orm: Orm, { source, archive, entries, demo = false }: NewImport): Promise<number> {
  return orm.transaction(async (transaction) => {
    const [created] = await transaction
      .insert(imports)
      .values({ source, archive, demo, total: entries.length })
      .returning({ id: imports.id });
    const { id } = created!;
    const rows = entries.map(({ failure, ...entry }, position) => {
      const state = failure === '' ? ('waiting' as const) : ('failed' as const);
      return { importId: id, position, ...entry, state, reason: failure };
    });
    for (let at = 0; at < rows.length; at += ROWS) {
      await transaction.insert(importItems).values(rows.slice(at, at + ROWS));
    }
    return id;
  });
}
