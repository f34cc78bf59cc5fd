/** @file What people say of a product's labels, and how they take it back. */
import { BusanaError } from '@busana/contracts';
import { and, desc, eq, isNotNull, isNull, notInArray, sql, type SQL } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import type { Orm } from '../database/open.ts';
import { attributeChanges, productAttributes, type ChangeState, type LabelState } from '../database/schema/labels.ts';
import { products } from '../database/schema/products.ts';

/** A label that a person gives, or takes away with null. */
export interface Correction {
  readonly productId: number;
  readonly attribute: string;
  readonly code: string | null;
}

/**
 * Writes what a person says, all of it or nothing. A product that a person has looked at is accepted.
 * @returns the name by which all of it is taken back at once
 * @throws BusanaError PRODUCT_NOT_FOUND
 */
export async function correct(orm: Orm, corrections: readonly Correction[], actor: string): Promise<string> {
  const batch = randomUUID();
  await orm.transaction(async (transaction) => {
    // In one order, so that two people who change the same products wait for each other instead of blocking each other.
    for (const { productId, attribute, code } of corrections.toSorted((a, b) => a.productId - b.productId)) {
      const label = code === null ? null : person(code);
      await change(transaction, { productId, attribute, after: { label, status: 'accept', reason: '' }, actor, batch });
    }
  });
  return batch;
}

/**
 * Says that all labels of a product are right as they are: they are this person's from now on.
 * @throws BusanaError PRODUCT_NOT_FOUND; USAGE for a product without labels
 */
export async function confirm(orm: Orm, productId: number, actor: string): Promise<void> {
  const batch = randomUUID();
  await orm.transaction(async (transaction) => {
    const { labels } = await lock(transaction, productId);
    const codes = Object.entries(labels);
    if (codes.length === 0) {
      throw new BusanaError('USAGE', `product ${productId} has no labels`, { remedy: 'Give it some instead.' });
    }
    for (const [attribute, code] of codes) {
      const after = { label: person(code), status: 'accept', reason: '' };
      await change(transaction, { productId, attribute, after, actor, batch });
    }
  });
}

/**
 * Takes back what this person has last said of a product at once and not taken back yet: labels, status and reason are
 * what they were before it.
 * @returns whether there was something
 */
export async function undo(orm: Orm, productId: number, actor: string): Promise<boolean> {
  return orm.transaction(async (transaction) => {
    await lock(transaction, productId);
    const own = and(eq(attributeChanges.productId, productId), eq(attributeChanges.actor, actor));
    const [newest] = await standing(transaction, own).limit(1);
    if (newest === undefined) return false;
    await takeBack(transaction, await standing(transaction, and(own, eq(attributeChanges.batch, newest.batch))), actor);
    return true;
  });
}

/**
 * Takes back all of what a person has said at once, of however many products, unless it was taken back before.
 * @returns products that are what they were
 */
export async function undoBatch(orm: Orm, batch: string, actor: string): Promise<number> {
  return orm.transaction(async (transaction) => {
    const own = and(eq(attributeChanges.batch, batch), eq(attributeChanges.actor, actor));
    const members = await transaction.selectDistinct({ id: attributeChanges.productId }).from(attributeChanges).where(own); // prettier-ignore
    for (const { id } of members.toSorted((a, b) => a.id - b.id)) await lock(transaction, id);
    const changes = await standing(transaction, own);
    await takeBack(transaction, changes, actor);
    return new Set(changes.map(({ productId }) => productId)).size;
  });
}

/** Changes that nobody has taken back, the newest first. */
function standing(orm: Orm, which: SQL | undefined) {
  const undone = orm
    .select({ id: attributeChanges.undoes })
    .from(attributeChanges)
    .where(isNotNull(attributeChanges.undoes));
  return orm
    .select()
    .from(attributeChanges)
    .where(and(which, isNull(attributeChanges.undoes), notInArray(attributeChanges.id, undone)))
    .orderBy(desc(attributeChanges.id));
}

async function takeBack(orm: Orm, changes: readonly (typeof attributeChanges.$inferSelect)[], actor: string) {
  const batch = randomUUID();
  for (const { id, productId, attribute, before } of changes) {
    await change(orm, { productId, attribute, after: before, actor, undoes: id, batch });
  }
}

/** What a person says. */
export function person(code: string): LabelState {
  return { code, source: 'person', confidence: null, modelHash: null };
}

interface Change {
  readonly productId: number;
  readonly attribute: string;
  readonly after: ChangeState;
  readonly actor: string;
  readonly undoes?: number;
  readonly batch: string;
}

async function change(orm: Orm, { productId, attribute, after, actor, undoes, batch }: Change): Promise<void> {
  const { labels, status, reason } = await lock(orm, productId);
  const before: ChangeState = { label: await labelOf(orm, productId, attribute), status, reason };
  const { [attribute]: replaced, ...others } = labels;
  if (after.label === null) {
    await orm.delete(productAttributes).where(at(productId, attribute));
  } else {
    const row = { productId, attribute, ...after.label, changedAt: sql`now()` };
    const target = [productAttributes.productId, productAttributes.attribute];
    await orm.insert(productAttributes).values(row).onConflictDoUpdate({ target, set: row });
  }
  await orm
    .update(products)
    .set({
      labels: after.label === null ? others : { ...others, [attribute]: after.label.code },
      status: after.status,
      reason: after.reason,
      updatedAt: sql`now()`,
    })
    .where(eq(products.id, productId));
  await orm
    .insert(attributeChanges)
    .values({ productId, attribute, before, after, actor, batch, undoes: undoes ?? null });
}

/** The product, for this transaction alone. @throws BusanaError PRODUCT_NOT_FOUND */
async function lock(orm: Orm, productId: number) {
  const [product] = await orm.select().from(products).where(eq(products.id, productId)).for('update');
  if (product === undefined) throw new BusanaError('PRODUCT_NOT_FOUND', `there is no product ${productId}`);
  return product;
}

async function labelOf(orm: Orm, productId: number, attribute: string): Promise<LabelState | null> {
  const { code, source, confidence, modelHash } = productAttributes;
  const [label] = await orm
    .select({ code, source, confidence, modelHash })
    .from(productAttributes)
    .where(at(productId, attribute));
  return label ?? null;
}

function at(productId: number, attribute: string) {
  return and(eq(productAttributes.productId, productId), eq(productAttributes.attribute, attribute));
}
