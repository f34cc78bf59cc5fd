/** @file What has become of photos of an import, written in one transaction with the products they make. */
import type { ImportNote } from '@busana/contracts';
import type { Answer } from '@busana/vision';
import { and, eq, inArray, max, sql } from 'drizzle-orm';
import { addProducts, type NewProduct } from '../catalogue/add.ts';
import { readingOf } from '../catalogue/reading.ts';
import { takeLabels } from '../catalogue/take-labels.ts';
import type { Orm } from '../database/open.ts';
import { importItems } from '../database/schema/imports.ts';
import { photos, productPhotos } from '../database/schema/photos.ts';
import { inFeatureTurn, recordFeatures, type PhotoFeatures } from '../search/features.ts';
import type { LookAlikes } from '../search/look-alikes.ts';
import { noteText } from './notes.ts';
import { productName } from './one-product.ts';
import { flagSamePictures } from './same-pictures.ts';
import { actorOf, lockProducts, numberProducts, updateProducts, type KnownProduct, type Said } from './update.ts';

export type ImportItem = typeof importItems.$inferSelect;

/**
 * A photo that was kept and asked about (`answer`), kept and seen before (`hash` alone), or that failed; without any of
 * these a row that has none.
 */
export interface Outcome {
  readonly item: ImportItem;
  readonly hash?: string;
  readonly answer?: Answer;
  /** What is remembered of it; not known of a model that has no embeddings. */
  readonly features?: PhotoFeatures | undefined;
  readonly failure?: string;
  /** What is wrong, for programs. */
  readonly note?: ImportNote;
}

/** The model that has answered, and what finds the same picture among those before. */
export interface Asked {
  readonly modelHash: string;
  readonly lookAlikes: LookAlikes;
}

type Settled = Pick<ImportItem, 'state' | 'reason' | 'productId'> & { readonly note?: ImportNote };

/**
 * Photos that a product has already are duplicates of it, whoever has added it meanwhile. Photos of one number are of
 * one product. What a table says of a product that is there already is written to it. An item that is not waiting any
 * more is left as it is, so that nothing is doubled by doing it again.
 * @param asked where a model was asked
 * @returns what has become of them
 */
export async function writeOutcomes(orm: Orm, outcomes: readonly Outcome[], asked?: Asked): Promise<Settled[]> {
  const [first] = outcomes;
  if (first === undefined) return [];
  const { importId } = first.item;
  return orm.transaction(async (transaction) => {
    const waiting = await stillWaiting(transaction, outcomes);
    const owners = await ownersOf(transaction, waiting);
    const given = waiting.filter(({ failure }) => failure === undefined);
    const known = await lockProducts(transaction, [...owners.values()], given.flatMap(({ item }) => item.product.sku ?? [])); // prettier-ignore
    const ownerOf = ({ hash = '' }: Outcome) => known.find(({ id }) => id === owners.get(hash));
    const rows = given.map((outcome) => ({ ...outcome.item, owner: ownerOf(outcome) }));
    const { numbers, changes: numbered } = await numberProducts(transaction, importId, rows, known);
    const settled = new Map<Outcome, Settled>();
    const said: Said[] = [];
    /** By their photos: of one that is given twice the second is a duplicate of the first. */
    const fresh = new Map<string, Outcome>();
    const again: Outcome[] = [];
    for (const outcome of waiting) {
      const { item, hash = '', answer, failure, note } = outcome;
      const owner = ownerOf(outcome);
      const { sku } = item.product;
      const target = sku === undefined ? owner : numbers.get(sku);
      if (failure !== undefined)
        settled.set(outcome, { state: 'failed', reason: failure, productId: null, ...(note && { note }) });
      else if (owner !== undefined) settled.set(outcome, duplicateOf(owner.id));
      else if (fresh.has(hash)) again.push(outcome);
      else if (answer !== undefined) fresh.set(hash, outcome);
      else if (hash === '') settled.set(outcome, withoutPhoto(item, target));
      if (failure === undefined && target !== undefined) said.push({ ...item, target });
    }
    const ids =
      asked === undefined
        ? new Map<Outcome, number>()
        : await addFresh(transaction, [...fresh.values()], { numbers, modelHash: asked.modelHash });
    for (const [outcome, productId] of ids) settled.set(outcome, { state: 'added', reason: '', productId });
    for (const outcome of again) settled.set(outcome, duplicateOf(ids.get(fresh.get(outcome.hash!)!)!));
    const updated = await updateProducts(transaction, importId, said);
    const ended = [...settled].map(([{ item }, { note, ...end }]) => {
      const changes = [...(numbered.get(item.position) ?? []), ...(updated.get(item.position) ?? [])];
      return { ...item, ...end, changes, notes: [...item.notes, ...(note === undefined ? [] : [note])] };
    });
    if (ended.length > 0) {
      await transaction
        .insert(importItems)
        .values(ended)
        .onConflictDoUpdate({
          target: [importItems.importId, importItems.position],
          set: { state: sql`excluded.state`, reason: sql`excluded.reason`, productId: sql`excluded.product_id`, changes: sql`excluded.changes`, notes: sql`excluded.notes` }, // prettier-ignore
        });
    }
    if (asked !== undefined) await remember(transaction, ids, asked);
    return [...settled.values()];
  });
}

/**
 * Last, because writers wait for each other here until all is written: each then sees the photos of all before it, and of
 * two that show the same picture the second one finds the first.
 */
async function remember(orm: Orm, ids: ReadonlyMap<Outcome, number>, { modelHash, lookAlikes }: Asked): Promise<void> {
  const photos = [...ids].flatMap(([{ features }, product]) => (features === undefined ? [] : [{ product, features }]));
  if (photos.length === 0) return;
  await inFeatureTurn(orm);
  await flagSamePictures(orm, await lookAlikes.samePictures(orm, modelHash, photos));
  await recordFeatures(orm, modelHash, photos.map(({ features }) => features)); // prettier-ignore
}

function duplicateOf(productId: number): Settled {
  return { state: 'duplicate', reason: `product ${productId} has this photo`, productId };
}

/** Of a row without a photo, which is for a product that is there already. */
function withoutPhoto({ product }: ImportItem, target: KnownProduct | undefined): Settled {
  if (target !== undefined)
    return { state: 'duplicate', reason: `product ${target.id} is there`, productId: target.id };
  const note = { code: 'product-missing' as const, sku: product.sku!, file: null, row: null };
  return { state: 'failed', reason: noteText(note, []), productId: null, note };
}

async function stillWaiting(orm: Orm, outcomes: readonly Outcome[]): Promise<Outcome[]> {
  const { importId } = outcomes[0]!.item;
  const positions = outcomes.map(({ item }) => item.position);
  const rows = await orm
    .select({ position: importItems.position })
    .from(importItems)
    .where(
      and(
        eq(importItems.importId, importId),
        inArray(importItems.position, positions),
        eq(importItems.state, 'waiting'),
      ),
    ) // prettier-ignore
    .orderBy(importItems.position)
    .for('update');
  const left = new Set(rows.map(({ position }) => position));
  return outcomes.filter(({ item }) => left.has(item.position));
}

/** The product of each photo that has one. Photos are locked, in one order, until all is written. */
async function ownersOf(orm: Orm, outcomes: readonly Outcome[]): Promise<Map<string, number>> {
  const hashes = outcomes.flatMap(({ hash }) => (hash === undefined ? [] : [hash]));
  if (hashes.length === 0) return new Map();
  await orm.select({ hash: photos.hash }).from(photos).where(inArray(photos.hash, hashes)).orderBy(photos.hash).for('no key update'); // prettier-ignore
  const { photoHash, productId } = productPhotos;
  const owners = await orm.select({ photoHash, productId }).from(productPhotos).where(inArray(photoHash, hashes));
  return new Map(owners.map((owner) => [owner.photoHash, owner.productId]));
}

interface Adding {
  /** Products of the numbers that are given. */
  readonly numbers: ReadonlyMap<string, KnownProduct>;
  readonly modelHash: string;
}

/** Products of photos that no product has, new ones or those of their number. @returns the product of each */
async function addFresh(
  orm: Orm,
  fresh: readonly Outcome[],
  { numbers, modelHash }: Adding,
): Promise<Map<Outcome, number>> {
  const begun = await byKey(orm, fresh);
  const groups = new Map<string, Outcome[]>();
  for (const outcome of fresh) {
    const name = productName(outcome.item.product) ?? `photo ${outcome.hash}`;
    groups.set(name, [...(groups.get(name) ?? []), outcome]);
  }
  const ids = new Map<Outcome, number>();
  const added: Outcome[][] = [];
  for (const group of groups.values()) {
    const { sku, key } = group[0]!.item.product;
    const product = sku === undefined ? begun.get(key) : numbers.get(sku)?.id;
    if (product === undefined || product === null) added.push(group);
    else await addPhotos(orm, product, hashesOf(group));
    for (const outcome of group) if (product !== undefined && product !== null) ids.set(outcome, product);
  }
  const made = await addProducts(orm, added.map(asProduct), modelHash);
  added.forEach((group, at) => group.forEach((outcome) => ids.set(outcome, made[at]!)));
  const labelled = added.flatMap(([first], at) => {
    const { labels } = first!.item.product;
    return labels === undefined ? [] : [{ productId: made[at]!, labels }];
  });
  if (labelled.length > 0) await takeLabels(orm, labelled, await actorOf(orm, fresh[0]!.item.importId));
  return ids;
}

/** Products that photos of the same import have made, by their key. */
async function byKey(orm: Orm, fresh: readonly Outcome[]): Promise<Map<string | undefined, number | null>> {
  const keys = fresh.flatMap(({ item }) => (item.product.sku === undefined ? (item.product.key ?? []) : []));
  if (keys.length === 0) return new Map();
  const { importId, productKey, state, productId } = importItems;
  const found = await orm
    .select({ productKey, productId })
    .from(importItems)
    .where(and(eq(importId, fresh[0]!.item.importId), inArray(productKey, keys), eq(state, 'added')));
  return new Map(found.map((row) => [row.productKey ?? undefined, row.productId]));
}

async function addPhotos(orm: Orm, productId: number, hashes: readonly string[]): Promise<void> {
  const { position } = productPhotos;
  const [last] = await orm.select({ position: max(position) }).from(productPhotos).where(eq(productPhotos.productId, productId)); // prettier-ignore
  const next = (last?.position ?? -1) + 1;
  await orm
    .insert(productPhotos)
    .values(hashes.map((photoHash, at) => ({ productId, photoHash, position: next + at })));
}

function hashesOf(group: readonly Outcome[]): string[] {
  return group.map(({ hash }) => hash!);
}

/** The first photo is the one that labels are taken from. */
function asProduct(group: readonly Outcome[]): NewProduct {
  const [{ item, answer }] = group as [Outcome];
  const { key, labels, ...fields } = item.product;
  return { ...fields, photoHashes: hashesOf(group), ...readingOf(answer!) };
}
