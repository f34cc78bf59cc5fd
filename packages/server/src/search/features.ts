/** @file What is remembered of photos for those that come later: appearance, and what tells that a picture is the same. */
import {
  appearanceOf,
  decodeStructure,
  encodeStructure,
  structureOf,
  type Answer,
  type Prepared,
  type Structure,
} from '@busana/vision';
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { photoFeatures } from '../database/schema/photos.ts';
import { quantise } from './vectors.ts';

export interface PhotoFeatures {
  /** SHA-256 of the photo. */
  readonly hash: string;
  /** int8: the direction of what vision calls the appearance. */
  readonly appearance: Int8Array;
  readonly structure: Structure;
}

/**
 * Of a photo that a model was asked about, at the size it was asked with.
 * @returns undefined for a photo that cannot be read, and of a model without embeddings
 */
export async function featuresOf(hash: string, prepared: Prepared, answer: Answer): Promise<PhotoFeatures | undefined> {
  if (answer.embedding === undefined || !('pictures' in prepared)) return undefined;
  const data = prepared.pictures[0]!;
  const side = Math.sqrt(data.length / 3);
  const structure = await structureOf({ width: side, height: side, data });
  return { hash, appearance: quantise(appearanceOf(answer.embedding, structure)), structure };
}

/** Writers wait for each other until the end of their transaction: see {@link photoFeatures}. */
export async function inFeatureTurn(orm: Orm): Promise<void> {
  await orm.execute(sql`select pg_advisory_xact_lock('photo_features'::regclass::oid::bigint)`);
}

/** Of photos that are recorded; what is known already stays. */
export async function recordFeatures(orm: Orm, modelHash: string, features: readonly PhotoFeatures[]): Promise<void> {
  if (features.length === 0) return;
  await orm.transaction(async (transaction) => {
    await inFeatureTurn(transaction);
    const rows = features.map(({ hash, appearance, structure }) => ({
      photoHash: hash,
      modelHash,
      appearance: Buffer.from(appearance.buffer, appearance.byteOffset, appearance.byteLength),
      structure: encodeStructure(structure),
    }));
    await transaction.insert(photoFeatures).values(rows).onConflictDoNothing();
  });
}

export interface StoredAppearance {
  readonly id: number;
  readonly hash: string;
  readonly appearance: Int8Array;
}

/** Appearances that came after one that is known, in their order. */
export async function appearancesAfter(
  orm: Orm,
  modelHash: string,
  id: number,
  limit: number,
): Promise<StoredAppearance[]> {
  const found = await orm
    .select({ id: photoFeatures.id, hash: photoFeatures.photoHash, appearance: photoFeatures.appearance })
    .from(photoFeatures)
    .where(and(eq(photoFeatures.modelHash, modelHash), gt(photoFeatures.id, id)))
    .orderBy(asc(photoFeatures.id))
    .limit(limit);
  return found.map(({ appearance, ...row }) => ({ ...row, appearance: asInt8(appearance) }));
}

/** What one photo looks like; undefined where the model has not been asked about it. */
export async function appearanceOfPhoto(orm: Orm, modelHash: string, hash: string): Promise<Int8Array | undefined> {
  const [found] = await orm
    .select({ appearance: photoFeatures.appearance })
    .from(photoFeatures)
    .where(of(modelHash, [hash]));
  return found && asInt8(found.appearance);
}

export async function structuresOf(
  orm: Orm,
  modelHash: string,
  hashes: readonly string[],
): Promise<Map<string, Structure>> {
  if (hashes.length === 0) return new Map();
  const { photoHash, structure } = photoFeatures;
  const found = await orm.select({ photoHash, structure }).from(photoFeatures).where(of(modelHash, hashes));
  return new Map(found.map((row) => [row.photoHash, decodeStructure(row.structure)]));
}

function of(modelHash: string, hashes: readonly string[]) {
  return and(eq(photoFeatures.modelHash, modelHash), inArray(photoFeatures.photoHash, [...hashes]));
}

function asInt8(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
