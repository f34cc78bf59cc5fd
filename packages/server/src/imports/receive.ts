/** @file Photos of an import come into the store, from wherever they are. */
import { BusanaError, type ImportNote } from '@busana/contracts';
import { Budget } from '@busana/vision';
import { and, asc, isNull, sql } from 'drizzle-orm';
import { Readable } from 'node:stream';
import type { Orm } from '../database/open.ts';
import { importItems } from '../database/schema/imports.ts';
import { recordPhotos } from '../photos/record.ts';
import { LARGEST_PHOTO, type PhotoStore, type StoredPhoto } from '../photos/store.ts';
import { ofStorage } from '../storage/of-storage.ts';
import { refused } from './notes.ts';
import { waitingAt } from './state.ts';
import { writeOutcomes, type ImportItem } from './write.ts';

/** Gets a photo from an address. @throws BusanaError IMAGE_UNREADABLE */
export type Fetch = (address: string, signal: AbortSignal) => Promise<Uint8Array>;

export interface PhotoSource {
  readonly orm: Orm;
  readonly store: PhotoStore;
  readonly fetch: Fetch;
  /** Aborted when nobody waits for the photos any more. */
  readonly signal: AbortSignal;
}

/** Photos that are looked at together. */
const PAGE = 32;
/** Photos that are fetched at once. */
const FETCHED = new Budget(8);
/** Where this server, or another of its kind, has photos. */
const PHOTO_ADDRESS = /\/api\/v1\/photos\/([0-9a-f]{64})$/;

/**
 * What is no photo has failed. Doing it again does nothing twice.
 * @param onSettled told of each photo that has failed
 * @returns whether all of it is done
 */
export async function receivePhotos(
  source: PhotoSource,
  importId: number,
  positions: readonly number[],
  onSettled: (state: string) => void,
): Promise<boolean> {
  const { orm, signal } = source;
  for (let at = 0; at < positions.length; at += PAGE) {
    const items = await orm
      .select()
      .from(importItems)
      .where(and(waitingAt(importId, positions.slice(at, at + PAGE)), isNull(importItems.photoHash)))
      .orderBy(asc(importItems.position));
    const outcomes = await Promise.all(items.map((item) => keepOne(source, item)));
    // What was stopped has not failed.
    if (signal.aborted) return false;
    const kept = outcomes.flatMap((outcome) => ('photo' in outcome ? [outcome] : []));
    await recordPhotos(orm, kept.map(({ photo, item: { name } }) => ({ ...photo, name }))); // prettier-ignore
    const hashes = kept.map(({ item: { position }, photo: { hash } }) => ({ position, hash }));
    await orm.execute(sql`update import_items set photo_hash = given.hash
      from jsonb_to_recordset(${JSON.stringify(hashes)}::jsonb) as given(position int, hash text)
      where import_id = ${importId} and import_items.position = given.position`);
    const ended = outcomes.filter((outcome) => !('photo' in outcome));
    for (const { state } of await writeOutcomes(orm, ended)) onSettled(state);
  }
  return true;
}

type Kept = { readonly item: ImportItem } & (
  | { readonly photo: StoredPhoto }
  | { readonly failure: string; readonly note: ImportNote }
  // A row of a product that is there already.
  | { readonly said: true }
);

async function keepOne(source: PhotoSource, item: ImportItem): Promise<Kept> {
  const { store } = source;
  try {
    if (item.location === null) {
      return item.product.sku === undefined
        ? { item, failure: 'there is no such photo', note: refused('PHOTO_NOT_FOUND') }
        : { item, said: true };
    }
    const { location } = item;
    const bytes = await (location.kind === 'address'
      ? fetchOne(source, location.address)
      : store.readLocation(location));
    const upload = await store.receive(Readable.from([bytes]), { name: item.name, bytes: LARGEST_PHOTO });
    return { item, photo: await store.keep(upload) };
  } catch (error) {
    // What is wrong with the disk is wrong with every photo.
    if (!(error instanceof BusanaError) || ofStorage(error)) throw error;
    return { item, failure: withoutPath(error.message, item), note: refused(error.code) };
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
