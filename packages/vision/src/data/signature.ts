/** @file What is kept of a photo that was looked at once: what tells its duplicates, and its measures. */
import { createHash } from 'node:crypto';
import { openPhoto, pixels } from '../image/decode.ts';
import { measure, type Measures } from './measures.ts';
import { sections } from './sections.ts';
import { decodeStructure, encodeStructure, STRUCTURE_BYTES, structureOf, type Structure } from './structure.ts';

/** What a file is. */
export interface FileFacts {
  /** By its content, e.g. `jpeg`. */
  readonly format: string;
  /** Of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

export interface Signature extends Structure {
  /** SHA-256 of size and pixels, hexadecimal. */
  readonly digest: string;
  readonly facts: FileFacts & Measures;
}

/** @throws BusanaError IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
export async function signatureOf(bytes: Uint8Array): Promise<Signature> {
  const photo = await openPhoto(bytes);
  const picture = await pixels(photo);
  const { width, height, data } = picture;
  return {
    digest: createHash('sha256').update(`${width}x${height}`).update(data).digest('hex'),
    ...(await structureOf(picture)),
    facts: { format: photo.format, width, height, bytes: bytes.length, ...(await measure(picture)) },
  };
}

const FORMAT = 8;
const at = sections({
  digest: 32,
  structure: STRUCTURE_BYTES,
  background: 3,
  format: FORMAT,
  whole: 3 * 4,
  measures: 4 * 4,
});
export const SIGNATURE_BYTES = at.end;
/** To be raised with every change of what is in a signature. */
export const SIGNATURE_REVISION = 2;

export function encodeSignature({ digest, facts, ...structure }: Signature): Buffer {
  const record = Buffer.alloc(SIGNATURE_BYTES);
  record.write(digest, at.digest, 'hex');
  record.set(encodeStructure(structure), at.structure);
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
  const whole = (index: number): number => record.readUInt32LE(at.whole + index * 4);
  const measured = (index: number): number => record.readFloatLE(at.measures + index * 4);
  return {
    digest: record.toString('hex', at.digest, at.structure),
    ...decodeStructure(record.subarray(at.structure, at.background)),
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
