/** @file A catalogue as it is, whichever ids its products have: each photo of an import with what has become of it. */
import { asc, eq } from 'drizzle-orm';
import type { Orm } from '../../packages/server/src/database/open.ts';
import { importItems } from '../../packages/server/src/database/schema/imports.ts';
import { predictions, productAttributes } from '../../packages/server/src/database/schema/labels.ts';
import { productPhotos } from '../../packages/server/src/database/schema/photos.ts';
import { products } from '../../packages/server/src/database/schema/products.ts';

/** What has become of one photo; products by the position of their first photo in the import. */
interface Fate {
  readonly state: string;
  readonly reason: string;
  /** Of the product that it has become part of. */
  readonly product: number | null;
}

interface Known {
  readonly sku: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly photos: readonly string[];
  readonly duplicateOf: number | null;
  /** Rounded: of batches of other sizes the last bits are others. */
  readonly numbers: readonly string[];
}

export interface Snapshot {
  readonly fates: readonly Fate[];
  readonly products: ReadonlyMap<number, Known>;
  /** Photos that more than one product has. */
  readonly twice: readonly string[];
}

const rounded = (value: number | null): string => (value ?? -1).toFixed(4);

/** Of a catalogue that one import has made. */
export async function snapshotOf(orm: Orm, importId: number): Promise<Snapshot> {
  const items = await orm.select().from(importItems).where(eq(importItems.importId, importId)).orderBy(asc(importItems.position)); // prettier-ignore
  const place = new Map<number, number>();
  for (const { productId, position, state } of items) {
    if (state === 'added' && productId !== null && !place.has(productId)) place.set(productId, position);
  }
  const at = (id: number | null): number | null => (id === null ? null : (place.get(id) ?? -1));
  const photos = await orm.select().from(productPhotos).orderBy(asc(productPhotos.productId), asc(productPhotos.position)); // prettier-ignore
  const photosOf = groupBy(photos, ({ productId }) => productId);
  const owners = groupBy(photos, ({ photoHash }) => photoHash);
  const answers = new Map((await orm.select().from(predictions)).map((row) => [row.productId, row]));
  const attributes = groupBy(await orm.select().from(productAttributes).orderBy(asc(productAttributes.attribute)), ({ productId }) => productId); // prettier-ignore
  const known = (await orm.select().from(products)).map((product): [number, Known] => {
    const { id, sku, title, quantity, status, labels, duplicateOf, jointConfidence } = product;
    const every = Object.values(answers.get(id)?.probabilities ?? {}).flatMap((classes) => Object.values(classes));
    const confidences = (attributes.get(id) ?? []).map(({ confidence }) => confidence);
    return [
      at(id)!,
      {
        ...{ sku, title, quantity, status, duplicateOf: at(duplicateOf) },
        labels: Object.fromEntries(Object.entries(labels).sort()),
        photos: (photosOf.get(id) ?? []).map(({ photoHash }) => photoHash),
        numbers: [jointConfidence, ...confidences, ...every].map(rounded),
      },
    ];
  });
  return {
    fates: items.map(({ state, reason, productId }) => ({
      ...{ state, product: at(productId) },
      reason: reason.replace(/product \d+/, 'a product'),
    })),
    products: new Map(known.sort(([a], [b]) => a - b)),
    twice: [...owners].flatMap(([hash, rows]) => (rows.length > 1 ? [hash] : [])),
  };
}

function groupBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** What is otherwise in the second, in words; nothing when both are the same. */
export function differences(one: Snapshot, other: Snapshot): string[] {
  const told: string[] = [];
  const compare = (what: string, a: unknown, b: unknown): void => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
    if (left !== right) told.push(`${what}: ${left} in one process, ${right} in many`);
  };
  compare('photos', one.fates.length, other.fates.length);
  one.fates.forEach((fate, at) => compare(`photo ${at}`, fate, other.fates[at]));
  compare('products', [...one.products.keys()], [...other.products.keys()]);
  for (const [at, product] of one.products) compare(`product of photo ${at}`, product, other.products.get(at));
  return told;
}
