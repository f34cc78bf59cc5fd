/** @file What tells that two photos show the same picture, whatever their size, compression or colours. */
import sharp from 'sharp';
import type { Picture } from '../image/picture.ts';
import { colourDifference } from './colour-difference.ts';
import { differenceHash, HASH_SIDE, HASH_WORDS } from './difference-hash.ts';
import { correlation, edgeHash, edgesOf } from './edges.ts';
import { hammingDistance } from './near-hashes.ts';
import { sections } from './sections.ts';

/** Side of the grey thumbnail, and of that in colour. */
const GREY = 32;
const COLOUR = 8;

/** Candidates differ in at most so many of 256 bits of the grey picture, or of its edges. */
export const NEAR = 12;
export const NEAR_EDGES = 18;
/** A candidate is confirmed when the edges of both thumbnails correlate at least so much. */
const CONFIRMED = 0.96;
/** Mean difference of the colours, in CIELAB, from which a photo with the same structure is one in another colour. */
const RECOLOURED = 8;

/** Two thumbnails. */
export interface Thumbnails {
  /** uint8 `[32, 32]`. */
  readonly grey: Uint8Array;
  /** uint8 RGB `[8, 8, 3]`. */
  readonly colour: Uint8Array;
}

export interface Structure extends Thumbnails {
  /** {@link differenceHash} of the grey picture, and of its edges. */
  readonly hash: Uint32Array;
  readonly edges: Uint32Array;
}

/** How much two photos have in common that show the same picture. */
export interface Likeness {
  /** `near`: the same picture, compressed or scaled anew, or with another print; `twin`: in another colour. */
  readonly kind: 'near' | 'twin';
  /** Correlation of the edges, whatever the colours. */
  readonly structure: number;
  /** Mean CIE76 difference of the colours. */
  readonly colourDifference: number;
}

export async function structureOf(picture: Picture): Promise<Structure> {
  const grey = await shrunk(picture, GREY, GREY, true);
  return {
    hash: differenceHash(await shrunk(picture, HASH_SIDE + 1, HASH_SIDE, true)),
    edges: edgeHash(edgesOf(grey)),
    grey,
    colour: await shrunk(picture, COLOUR, COLOUR, false),
  };
}

/** What two photos have in common that show the same picture; undefined where they do not. */
export function likenessOf(a: Structure, b: Structure): Likeness | undefined {
  const near =
    hammingDistance(Uint32Array.of(...a.hash, ...b.hash), 0, 1, NEAR) <= NEAR ||
    hammingDistance(Uint32Array.of(...a.edges, ...b.edges), 0, 1, NEAR_EDGES) <= NEAR_EDGES;
  return near ? confirmSame(a, b) : undefined;
}

/** The same of candidates, whose hashes are near. */
export function confirmSame(a: Thumbnails, b: Thumbnails): Likeness | undefined {
  const structure = correlation(edgesOf(a.grey), edgesOf(b.grey));
  if (structure < CONFIRMED) return undefined;
  const difference = colourDifference(a.colour, b.colour);
  return { kind: difference < RECOLOURED ? 'near' : 'twin', structure, colourDifference: difference };
}

function shrunk({ data, width, height }: Picture, columns: number, rows: number, grey: boolean): Promise<Buffer> {
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  return (grey ? picture.greyscale() : picture)
    .resize(columns, rows, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
}

const at = sections({ hash: HASH_WORDS * 4, edges: HASH_WORDS * 4, grey: GREY ** 2, colour: COLOUR ** 2 * 3 });
export const STRUCTURE_BYTES = at.end;

export function encodeStructure({ hash, edges, grey, colour }: Structure): Buffer {
  const record = Buffer.alloc(STRUCTURE_BYTES);
  hash.forEach((word, index) => record.writeUInt32LE(word, at.hash + index * 4));
  edges.forEach((word, index) => record.writeUInt32LE(word, at.edges + index * 4));
  record.set(grey, at.grey);
  record.set(colour, at.colour);
  return record;
}

export function decodeStructure(record: Buffer): Structure {
  return {
    hash: words(record, at.hash),
    edges: words(record, at.edges),
    grey: Uint8Array.from(record.subarray(at.grey, at.colour)),
    colour: Uint8Array.from(record.subarray(at.colour, at.end)),
  };
}

function words(record: Buffer, start: number): Uint32Array {
  return Uint32Array.from({ length: HASH_WORDS }, (_, index) => record.readUInt32LE(start + index * 4));
}
