/** @file Labels that a table says: a person's word like a correction, for many products at once. */
import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import type { Orm } from '../database/open.ts';
import { attributeChanges, productAttributes, type LabelState } from '../database/schema/labels.ts';
import { products } from '../database/schema/products.ts';
import { person } from './correct.ts';

/** What is said of a product. */
interface Said {
  readonly productId: number;
  /** Code by attribute; null takes the label away. */
  readonly labels: Readonly<Record<string, string | null>>;
}

/** A label that is another one now. */
interface Relabelled {
  readonly productId: number;
  readonly attribute: string;
  /** Null where there was none. */
  readonly from: string | null;
  /** Null where there is none any more. */
  readonly to: string | null;
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
      // What is not there need not be taken away.
      return code === null ? state !== undefined : state?.source !== 'person' || state.code !== code;
    });
    if (now.length === 0) return [];
    const others = Object.keys(before.labels).filter((attribute) => !now.some(([name]) => name === attribute));
    const sure = others.every((attribute) => states.get(`${productId} ${attribute}`)?.source === 'person');
    const after = sure ? { status: 'accept', reason: '' } : { status: before.status, reason: before.reason };
    const all = Object.entries({ ...before.labels, ...Object.fromEntries(now) });
    const left = Object.fromEntries(all.filter(([, code]) => code !== null));
    return [{ productId, before, after, labels: left, now, batch: randomUUID() }];
  });
  if (changes.length === 0) return [];
  const given = changes.flatMap(({ productId, now }) =>
    now.map(([attribute, code]) => ({ productId, attribute, code })),
  );
  await writeLabels(orm, given.flatMap(({ code, ...at }) => (code === null ? [] : [{ ...at, ...person(code) }]))); // prettier-ignore
  await removeLabels(orm, given.filter(({ code }) => code === null)); // prettier-ignore
  const rows = changes.map(({ productId, labels, after }) => ({ id: productId, labels, ...after }));
  await orm.execute(sql`update products
    set labels = given.labels, status = given.status, reason = given.reason, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(id bigint, labels jsonb, status text, reason text)
    where products.id = given.id`);
  await orm.insert(attributeChanges).values(
    changes.flatMap(({ productId, before, after, now, batch }) =>
      now.map(([attribute, code]) => ({
        ...{ productId, attribute, actor, batch, fromTable: true },
        before: {
          label: states.get(`${productId} ${attribute}`) ?? null,
          status: before.status,
          reason: before.reason,
        },
        after: { label: code === null ? null : person(code), ...after },
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

async function writeLabels(orm: Orm, rows: readonly (typeof productAttributes.$inferInsert)[]): Promise<void> {
  if (rows.length === 0) return;
  await orm
    .insert(productAttributes)
    .values([...rows])
    .onConflictDoUpdate({
      target: [productAttributes.productId, productAttributes.attribute],
      set: { code: sql`excluded.code`, source: 'person', confidence: null, modelHash: null, changedAt: sql`now()` },
    });
}

async function removeLabels(
  orm: Orm,
  gone: readonly { readonly productId: number; readonly attribute: string }[],
): Promise<void> {
  if (gone.length === 0) return;
  const { productId, attribute } = productAttributes;
  await orm.delete(productAttributes).where(or(...gone.map((one) => and(eq(productId, one.productId), eq(attribute, one.attribute))))); // prettier-ignore
}
