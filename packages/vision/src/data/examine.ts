/** @file Every photo decoded once, whole: whether that is possible, and the signature that tells its duplicates. */
import { BusanaError } from '@busana/contracts';
import { join } from 'node:path';
import { hashOf } from '../hash.ts';
import { decoderIdentity } from '../image/decode.ts';
import { inParallel } from '../parallel.ts';
import { RecordCache } from '../records/record-cache.ts';
import { readRecord } from '../records/segment.ts';
import { readImageBytes } from './bytes.ts';
import { contentHash, hashOfBytes } from './content-hash.ts';
import type { Photo } from './dataset.ts';
import { HASH_WORDS } from './difference-hash.ts';
import {
  decodeSignature,
  encodeSignature,
  SIGNATURE_BYTES,
  SIGNATURE_REVISION,
  signatureOf,
  type Signature,
} from './signature.ts';

export interface ExamineOptions {
  /** Folder in which signatures are kept between runs: a photo that has one is not decoded again. */
  readonly cache?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Bytes that signatures may take up: those of a million photos. */
const LIMIT = 1.5e9;

/** What is known of some photos; their thumbnails stay on disk, for they are looked at for few. */
export interface Examination<P extends Photo> {
  /** Photos that cannot be decoded, in their order, with the error. */
  readonly unreadable: ReadonlyMap<P, BusanaError>;
  readonly readable: readonly P[];
  /** Per readable photo, SHA-256 of size and pixels. */
  readonly digests: readonly string[];
  /** Difference hashes of the readable photos and of their edges, `[readable.length * HASH_WORDS]`. */
  readonly hashes: Uint32Array;
  readonly edges: Uint32Array;
  /** What each readable photo is. */
  readonly facts: readonly Signature['facts'][];
  /** Thumbnails of a readable photo. */
  readonly thumbnails: (position: number) => Pick<Signature, 'grey' | 'colour'>;
  readonly release: () => Promise<void>;
}

/** @throws BusanaError INTERRUPTED; OUTPUT_UNWRITABLE when neither the cache nor the temporary folder can be written */
export async function examinePhotos<P extends Photo>(
  photos: readonly P[],
  { cache, onProgress, signal }: ExamineOptions = {},
): Promise<Examination<P>> {
  const keys = new Map<P, string>();
  const failures = new Map<P, BusanaError>();
  const each = (work: (photo: P) => Promise<void>): Promise<void> =>
    inParallel(photos, async (photo) => {
      if (signal?.aborted === true) throw interrupted();
      try {
        if (!failures.has(photo)) await work(photo);
      } catch (error) {
        if (!(error instanceof BusanaError) || error.code === 'OUTPUT_UNWRITABLE') throw error;
        failures.set(photo, error);
      }
    });
  await each(async (photo) => void keys.set(photo, await contentHash(photo.location)));
  const folder =
    cache === undefined
      ? undefined
      : join(cache, 'signatures', hashOf([decoderIdentity(), String(SIGNATURE_REVISION)]).slice(0, 32));
  const what = 'signatures of photos';
  const records = await RecordCache.open({ folder, length: SIGNATURE_BYTES, what, limit: LIMIT }, [...keys.values()]);
  const record = Buffer.alloc(SIGNATURE_BYTES);
  /** Whether the photo's record is there and whole; then it is in `record`. */
  const load = (photo: P): boolean => {
    const place = records.find(keys.get(photo)!);
    return place !== undefined && readRecord(place, record);
  };
  let done = 0;
  try {
    await each(async (photo) => {
      if (!load(photo)) {
        const bytes = await readImageBytes(photo.location);
        const key = hashOfBytes(photo.location, bytes);
        keys.set(photo, key);
        await records.put(key, encodeSignature(await signatureOf(bytes)));
      }
      done += 1;
      onProgress?.(done, photos.length);
    });
    const readable = photos.filter((photo) => !failures.has(photo));
    const digests: string[] = [];
    const facts: Signature['facts'][] = [];
    const hashes = new Uint32Array(readable.length * HASH_WORDS);
    const edges = new Uint32Array(readable.length * HASH_WORDS);
    readable.forEach((photo, position) => {
      if (!load(photo)) throw unreliable(photo);
      const signature = decodeSignature(record);
      digests.push(signature.digest);
      facts.push(signature.facts);
      hashes.set(signature.hash, position * HASH_WORDS);
      edges.set(signature.edges, position * HASH_WORDS);
    });
    return {
      // In the order of the data set, not of the decoders.
      unreadable: new Map(
        photos.flatMap((photo) => (failures.has(photo) ? [[photo, failures.get(photo)!] as const] : [])),
      ),
      readable,
      digests,
      facts,
      hashes,
      edges,
      thumbnails(position) {
        const photo = readable[position]!;
        if (!load(photo)) throw unreliable(photo);
        return decodeSignature(record);
      },
      release: () => records.release(),
    };
  } catch (error) {
    await records.release();
    throw error;
  }
}

function interrupted(): BusanaError {
  const remedy = 'Run again: photos that were read are not read again.';
  return new BusanaError('INTERRUPTED', 'stopped while reading photos', { remedy });
}

function unreliable({ name }: Photo): BusanaError {
  return new BusanaError('OUTPUT_UNWRITABLE', `the signature of ${name} is read back otherwise than it was written`, {
    remedy: 'Check the disk of the cache folder, or name a folder on another one with --cache.',
  });
}
