/** @file What people say of a product's labels, and how they take it back. */
import { BusanaError } from '@busana/contracts';
import { and, desc, eq, isNull, notInArray, sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import {
  attributeChanges,
  productAttributes,
  products,
  type ChangeState,
  type LabelState,
} from '../database/schema.ts';

/** A label that a person gives, or takes away with null. */
export interface Correction {
  readonly productId: number;
  readonly attribute: string;
  readonly code: string | null;
}

/**
 * Writes what a person says, all of it or nothing. A product that a person has looked at is accepted.
 * @throws BusanaError PRODUCT_NOT_FOUND
 */
export async function correct(orm: Orm, corrections: readonly Correction[], actor: string): Promise<void> {
  await orm.transaction(async (transaction) => {
    for (const { productId, attribute, code } of corrections) {
      const label = code === null ? null : ({ code, source: 'person', confidence: null, modelHash: null } as const);
      await change(transaction, { productId, attribute, after: { label, status: 'accept', reason: '' }, actor });
    }
  });
}

/**
 * Takes back the newest change of a product that this person has made and not taken back yet: label, status and reason
 * are what they were before it.
 * @returns whether there was one
 */
export async function undo(orm: Orm, productId: number, actor: string): Promise<boolean> {
  return orm.transaction(async (transaction) => {
    await lock(transaction, productId);
    const undone = transaction
      .select({ id: attributeChanges.undoes })
      .from(attributeChanges)
      .where(and(eq(attributeChanges.productId, productId), sql`${attributeChanges.undoes} is not null`));
    const [newest] = await transaction
      .select()
      .from(attributeChanges)
      .where(
        and(
          eq(attributeChanges.productId, productId),
          eq(attributeChanges.actor, actor),
          isNull(attributeChanges.undoes),
          notInArray(attributeChanges.id, undone),
        ),
      )
      .orderBy(desc(attributeChanges.id))
      .limit(1);
    if (newest === undefined) return false;
    const { id, attribute, before } = newest;
    await change(transaction, { productId, attribute, after: before, actor, undoes: id });
    return true;
  });
}

interface Change {
  readonly productId: number;
  readonly attribute: string;
  readonly after: ChangeState;
  readonly actor: string;
  readonly undoes?: number;
}

async function change(orm: Orm, { productId, attribute, after, actor, undoes }: Change): Promise<void> {
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
  await orm.insert(attributeChanges).values({ productId, attribute, before, after, actor, undoes: undoes ?? null });
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
