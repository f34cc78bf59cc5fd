/** @file What is kept of a photo that was looked at once: what tells its duplicates, and its measures. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { openPhoto, pixels } from '../image/decode.ts';
import type { Picture } from '../image/picture.ts';
import { differenceHash, HASH_SIDE, HASH_WORDS } from './difference-hash.ts';
import { edgeHash, edgesOf } from './edges.ts';
import { measure, type Measures } from './measures.ts';

/** Side of the grey thumbnail, and of that in colour. */
const GREY = 32;
const COLOUR = 8;

/** What a file is. */
export interface FileFacts {
  /** By its content, e.g. `jpeg`. */
  readonly format: string;
  /** Of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

export interface Signature {
  /** SHA-256 of size and pixels, hexadecimal. */
  readonly digest: string;
  /** {@link differenceHash} of the grey picture, and of its edges. */
  readonly hash: Uint32Array;
  readonly edges: Uint32Array;
  /** uint8 `[32, 32]`. */
  readonly grey: Uint8Array;
  /** uint8 RGB `[8, 8, 3]`. */
  readonly colour: Uint8Array;
  readonly facts: FileFacts & Measures;
}

/** @throws BusanaError IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
export async function signatureOf(bytes: Uint8Array): Promise<Signature> {
  const photo = await openPhoto(bytes);
  const picture = await pixels(photo);
  const { width, height, data } = picture;
  const grey = await shrunk(picture, GREY, GREY, true);
  return {
    digest: createHash('sha256').update(`${width}x${height}`).update(data).digest('hex'),
    hash: differenceHash(await shrunk(picture, HASH_SIDE + 1, HASH_SIDE, true)),
    edges: edgeHash(edgesOf(grey)),
    grey,
    colour: await shrunk(picture, COLOUR, COLOUR, false),
    facts: { format: photo.format, width, height, bytes: bytes.length, ...(await measure(picture)) },
  };
}

function shrunk({ data, width, height }: Picture, columns: number, rows: number, grey: boolean): Promise<Buffer> {
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  return (grey ? picture.greyscale() : picture)
    .resize(columns, rows, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
}

const FORMAT = 8;
const at = sections({
  digest: 32,
  hash: HASH_WORDS * 4,
  edges: HASH_WORDS * 4,
  grey: GREY ** 2,
  colour: COLOUR ** 2 * 3,
  background: 3,
  format: FORMAT,
  whole: 3 * 4,
  measures: 4 * 4,
});
export const SIGNATURE_BYTES = at.end;
/** To be raised with every change of what is in a signature. */
export const SIGNATURE_REVISION = 2;

export function encodeSignature({ digest, hash, edges, grey, colour, facts }: Signature): Buffer {
  const record = Buffer.alloc(SIGNATURE_BYTES);
  record.write(digest, at.digest, 'hex');
  hash.forEach((word, index) => record.writeUInt32LE(word, at.hash + index * 4));
  edges.forEach((word, index) => record.writeUInt32LE(word, at.edges + index * 4));
  record.set(grey, at.grey);
  record.set(colour, at.colour);
  record.set(facts.background, at.background);
  record.write(facts.format, at.format, FORMAT, 'latin1');
  const { width, height, bytes, brightness, contrast, sharpness, backgroundShare } = facts;
  [width, height, bytes].forEach((value, index) => record.writeUInt32LE(value, at.whole + index * 4));
  [brightness, contrast, sharpness, backgroundShare].forEach((value, index) =>
    record.writeFloatLE(value, at.measures + index * 4),
  );
  return record;
}

export function decodeSignature(record: Buffer): Signature {
  const words = (start: number): Uint32Array =>
    Uint32Array.from({ length: HASH_WORDS }, (_, index) => record.readUInt32LE(start + index * 4));
  const whole = (index: number): number => record.readUInt32LE(at.whole + index * 4);
  const measured = (index: number): number => record.readFloatLE(at.measures + index * 4);
  return {
    digest: record.toString('hex', at.digest, at.hash),
    hash: words(at.hash),
    edges: words(at.edges),
    grey: Uint8Array.from(record.subarray(at.grey, at.colour)),
    colour: Uint8Array.from(record.subarray(at.colour, at.background)),
    facts: {
      format: record.toString('latin1', at.format, at.whole).replaceAll('\0', ''),
      width: whole(0),
      height: whole(1),
      bytes: whole(2),
      brightness: measured(0),
      contrast: measured(1),
      sharpness: measured(2),
      background: [record[at.background]!, record[at.background + 1]!, record[at.background + 2]!],
      backgroundShare: measured(3),
    },
  };
}

/** Where sections of these lengths begin, one after the other, and where the last one ends. */
function sections<K extends string>(lengths: Readonly<Record<K, number>>): Readonly<Record<K | 'end', number>> {
  const begins: Record<string, number> = {};
  let end = 0;
  for (const [name, length] of Object.entries<number>(lengths)) {
    begins[name] = end;
    end += length;
  }
  return { ...begins, end } as Record<K | 'end', number>;
}
