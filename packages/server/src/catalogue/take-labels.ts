/** @file Labels that a table says: a person's word like a correction, for many products at once. */
import { inArray, sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import type { Orm } from '../database/open.ts';
import { attributeChanges, productAttributes, type LabelState } from '../database/schema/labels.ts';
import { products, type Labels } from '../database/schema/products.ts';
import { person } from './correct.ts';

/** What is said of a product. */
interface Said {
  readonly productId: number;
  readonly labels: Labels;
}

/** A label that is another one now. */
interface Relabelled {
  readonly productId: number;
  readonly attribute: string;
  /** Null where there was none. */
  readonly from: string | null;
  readonly to: string;
}

/**
 * Writes what is not a person's word yet, each with its history; saying it again changes nothing. Nobody has looked at the
 * photo: a product is accepted when all its labels are a person's, and waits for one as before where some are the model's.
 * @param orm of the transaction in which the products were locked @returns labels whose code has changed
 */
export async function takeLabels(orm: Orm, said: readonly Said[], actor: string): Promise<Relabelled[]> {
  if (said.length === 0) return [];
  const ids = said.map(({ productId }) => productId);
  const { id, labels, status, reason } = products;
  const found = await orm.select({ id, labels, status, reason }).from(products).where(inArray(id, ids));
  const states = new Map<string, LabelState>();
  for (const row of await orm.select().from(productAttributes).where(inArray(productAttributes.productId, ids))) {
    const { productId, attribute, code, source, confidence, modelHash } = row;
    states.set(`${productId} ${attribute}`, { code, source, confidence, modelHash });
  }
  const changes = said.flatMap(({ productId, labels: given }) => {
    const before = found.find((product) => product.id === productId)!;
    const now = Object.entries(given).filter(([attribute, code]) => {
      const state = states.get(`${productId} ${attribute}`);
      return state?.source !== 'person' || state.code !== code;
    });
    if (now.length === 0) return [];
    const others = Object.keys(before.labels).filter((attribute) => !now.some(([name]) => name === attribute));
    const sure = others.every((attribute) => states.get(`${productId} ${attribute}`)?.source === 'person');
    const after = sure ? { status: 'accept', reason: '' } : { status: before.status, reason: before.reason };
    return [{ productId, before, after, labels: { ...before.labels, ...Object.fromEntries(now) }, now, batch: randomUUID() }]; // prettier-ignore
  });
  if (changes.length === 0) return [];
  await orm
    .insert(productAttributes)
    .values(
      changes.flatMap(({ productId, now }) =>
        now.map(([attribute, code]) => ({ productId, attribute, ...person(code) })),
      ),
    ) // prettier-ignore
    .onConflictDoUpdate({
      target: [productAttributes.productId, productAttributes.attribute],
      set: { code: sql`excluded.code`, source: 'person', confidence: null, modelHash: null, changedAt: sql`now()` },
    });
  const rows = changes.map(({ productId, labels, after }) => ({ id: productId, labels, ...after }));
  await orm.execute(sql`update products
    set labels = given.labels, status = given.status, reason = given.reason, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(id bigint, labels jsonb, status text, reason text)
    where products.id = given.id`);
  await orm.insert(attributeChanges).values(
    changes.flatMap(({ productId, before, after, now, batch }) =>
      now.map(([attribute, code]) => ({
        ...{ productId, attribute, actor, batch },
        before: {
          label: states.get(`${productId} ${attribute}`) ?? null,
          status: before.status,
          reason: before.reason,
        },
        after: { label: person(code), ...after },
      })),
    ),
  );
  return changes.flatMap(({ productId, before, now }) =>
    now.flatMap(([attribute, to]) => {
      const from = before.labels[attribute] ?? null;
      return from === to ? [] : [{ productId, attribute, from, to }];
    }),
  );
}
