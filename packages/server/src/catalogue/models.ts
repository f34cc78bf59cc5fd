/** @file Which model answers. */
import { ne, sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { models } from '../database/schema.ts';

/** From now on this model is the one that labels come from. @param model its hash and name */
export async function activateModel(orm: Orm, { hash, name }: { hash: string; name: string }): Promise<void> {
  await orm.transaction(async (transaction) => {
    await transaction.update(models).set({ active: false }).where(ne(models.hash, hash));
    await transaction
      .insert(models)
      .values({ hash, name, active: true })
      .onConflictDoUpdate({ target: models.hash, set: { active: sql`true` } });
  });
}
