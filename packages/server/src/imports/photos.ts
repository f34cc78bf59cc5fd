/** @file The photos of an import that wait, brought into the store one after the other. */
import { BusanaError } from '@busana/contracts';
import { Budget, type Photo } from '@busana/vision';
import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import { Readable } from 'node:stream';
import type { Orm } from '../database/open.ts';
import { importItems } from '../database/schema/imports.ts';
import { productPhotos } from '../database/schema/photos.ts';
import { recordPhotos } from '../photos/record.ts';
import { LARGEST_PHOTO, type PhotoStore, type StoredPhoto } from '../photos/store.ts';
import type { ImportItem, Outcome } from './write.ts';

/** A photo that is in the store, for a model to be asked about. */
export interface KeptPhoto extends Photo {
  readonly item: ImportItem;
  readonly hash: string;
}

/** Gets a photo from an address. @throws BusanaError IMAGE_UNREADABLE */
export type Fetch = (address: string, signal: AbortSignal) => Promise<Uint8Array>;

export interface PhotoSource {
  readonly store: PhotoStore;
  readonly fetch: Fetch;
  /** Aborted when nobody waits for the photos any more. */
  readonly signal: AbortSignal;
}

/** Items that are looked at together. */
const PAGE = 32;
/** Photos that are fetched at once. */
const FETCHED = new Budget(8);
/** Where this server, or another of its kind, has photos. */
const PHOTO_ADDRESS = /\/api\/v1\/photos\/([0-9a-f]{64})$/;

/**
 * Photos that no product has. What becomes of the others is known at once, and told a page at a time.
 * @param settle writes it
 */
export async function* keepPhotos(
  orm: Orm,
  source: PhotoSource,
  importId: number,
  settle: (outcomes: readonly Outcome[]) => Promise<void>,
): AsyncGenerator<KeptPhoto> {
  for (let after = -1; ;) {
    const items = await pageOf(orm, importId, after);
    if (items.length === 0) return;
    after = items.at(-1)!.position;
    const outcomes = await Promise.all(items.map((item) => keepOne(source, item)));
    // What was stopped has not failed.
    if (source.signal.aborted) return;
    const kept = outcomes.flatMap((outcome) => ('photo' in outcome ? [outcome] : []));
    await recordPhotos(
      orm,
      kept.map(({ photo, item: { name } }) => ({ ...photo, name })),
    );
    const known = await withProducts(orm, kept.map(({ photo }) => photo.hash)); // prettier-ignore
    const failed = outcomes.filter((outcome) => 'failure' in outcome);
    const seen = kept.filter(({ photo }) => known.has(photo.hash)).map(({ item, photo: { hash } }) => ({ item, hash }));
    await settle([...failed, ...seen]);
    for (const { item, photo } of kept) {
      if (known.has(photo.hash)) continue;
      const location = { kind: 'file' as const, path: await source.store.local(photo.hash) };
      yield { id: String(item.position), name: item.name, location, item, hash: photo.hash };
    }
  }
}

async function pageOf(orm: Orm, importId: number, after: number): Promise<ImportItem[]> {
  return orm
    .select()
    .from(importItems)
    .where(and(eq(importItems.importId, importId), eq(importItems.state, 'waiting'), gt(importItems.position, after)))
    .orderBy(asc(importItems.position))
    .limit(PAGE);
}

type Kept = { readonly item: ImportItem } & ({ readonly photo: StoredPhoto } | { readonly failure: string });

async function keepOne(source: PhotoSource, item: ImportItem): Promise<Kept> {
  const { store } = source;
  try {
    if (item.location === null) return { item, failure: 'there is no such photo' };
    const { location } = item;
    const bytes = await (location.kind === 'address'
      ? fetchOne(source, location.address)
      : store.readLocation(location));
    const upload = await store.receive(Readable.from([bytes]), { name: item.name, bytes: LARGEST_PHOTO });
    return { item, photo: await store.keep(upload) };
  } catch (error) {
    // What is wrong with the disk is wrong with every photo.
    if (!(error instanceof BusanaError) || error.code === 'OUTPUT_UNWRITABLE') throw error;
    return { item, failure: withoutPath(error.message, item) };
  }
}

/** A photo that the catalogue has is not asked for anywhere. */
async function fetchOne({ store, fetch, signal }: PhotoSource, address: string): Promise<Uint8Array> {
  const [, hash] = PHOTO_ADDRESS.exec(address) ?? [];
  const kept = hash === undefined ? undefined : await store.read(hash).catch(() => undefined);
  if (kept !== undefined) return kept;
  return FETCHED.share(async (take) => {
    await take(1);
    return fetch(address, signal);
  });
}

/** Where files lie on this machine is nobody's business. */
function withoutPath(message: string, { location, name }: ImportItem): string {
  if (location?.kind === 'zip') return message.replaceAll(location.archive, 'the archive');
  return location?.kind === 'file' ? message.replaceAll(location.path, name) : message;
}

async function withProducts(orm: Orm, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const { photoHash } = productPhotos;
  const found = await orm
    .selectDistinct({ photoHash })
    .from(productPhotos)
    .where(inArray(photoHash, [...hashes]));
  return new Set(found.map((row) => row.photoHash));
}
