/** @file Which model answers, which did before, and what is known of each. */
import { BusanaError } from '@busana/contracts';
import { asc, desc, eq, ne, sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { modelActivations, models } from '../database/schema/models.ts';

type KnownModel = typeof models.$inferSelect;
export type ActivationKind = (typeof modelActivations.$inferSelect)['kind'];

/** From now on this model is the one that labels come from. @param model its hash and name */
export async function activateModel(
  orm: Orm,
  { hash, name }: { hash: string; name: string },
  { kind, actor }: { kind: ActivationKind; actor: string } = { kind: 'begin', actor: 'local' },
): Promise<void> {
  await orm.transaction(async (transaction) => {
    // Of several servers that begin at once one is the first.
    await transaction.execute(sql`lock table ${models} in share row exclusive mode`);
    const [active] = await transaction.select().from(models).where(eq(models.active, true)).for('update');
    await transaction.update(models).set({ active: false }).where(ne(models.hash, hash));
    await transaction
      .insert(models)
      .values({ hash, name, active: true })
      .onConflictDoUpdate({ target: models.hash, set: { active: sql`true` } });
    if (active?.hash !== hash) await transaction.insert(modelActivations).values({ modelHash: hash, kind, actor });
  });
}

/** The newest first. */
export function listModels(orm: Orm): Promise<KnownModel[]> {
  return orm.select().from(models).orderBy(desc(models.createdAt), desc(models.hash));
}

export async function findModel(orm: Orm, hash: string): Promise<KnownModel | undefined> {
  const [found] = await orm.select().from(models).where(eq(models.hash, hash));
  return found;
}

/** @throws BusanaError MODEL_NOT_FOUND */
export async function expectModel(orm: Orm, hash: string): Promise<KnownModel> {
  const found = await findModel(orm, hash);
  if (found === undefined) throw new BusanaError('MODEL_NOT_FOUND', `there is no model ${hash}`, { remedy: 'Reload the list of models.' }); // prettier-ignore
  return found;
}

export async function activeModel(orm: Orm): Promise<KnownModel | undefined> {
  const [found] = await orm.select().from(models).where(eq(models.active, true));
  return found;
}

/** All that were ever active, the one that became so last first. */
export async function earlierModels(orm: Orm): Promise<string[]> {
  const log = await orm.select().from(modelActivations).orderBy(desc(modelActivations.id));
  return [...new Set(log.map(({ modelHash }) => modelHash))];
}

/** The model that was active before the present one came; going back takes one step off the way here. */
export async function previousModel(orm: Orm): Promise<string | undefined> {
  const log = await orm.select().from(modelActivations).orderBy(asc(modelActivations.id));
  const way: string[] = [];
  for (const { kind, modelHash } of log) {
    if (kind === 'rollback') way.pop();
    else way.push(modelHash);
  }
  return way.at(-2);
}
