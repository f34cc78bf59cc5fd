/** @file Photos that are drawn for the proof: patterns of their own, some twice, some compressed anew, some broken. */
import { Random } from '@busana/engine';
import sharp from 'sharp';
import { zipBytes, type ZipMember } from '../../packages/vision/test/support/zip.ts';

/** Photos of hundred that are the file of another one, its picture in another file, or no photo. */
const SAME = 2;
const ANEW = 2;
const BROKEN = 1;
/** Of hundred photos so many are of a product with a number, or with a key, that has about three. */
const NUMBERED = 15;
const KEYED = 15;
const SIDE = 64;
/** Cells of a pattern, each of one colour. */
const CELLS = 5;
/** Photos that are drawn at once. */
const PAGE = 256;

/** A zip of photos, with a table of numbers, keys and titles: the same for the same seed. */
export async function drawArchive(photos: number, seed: number): Promise<Buffer> {
  const members: ZipMember[] = [];
  for (let first = 0; first < photos; first += PAGE) {
    const page = Array.from({ length: Math.min(PAGE, photos - first) }, (_, at) => first + at);
    members.push(...(await Promise.all(page.map(async (at) => ({ name: nameOf(at), bytes: await photoOf(at, seed), deflate: false }))))); // prettier-ignore
  }
  const rows = members.map(({ name }, at) => [name, ...productOf(at, photos, seed)].join(','));
  return zipBytes([
    ...members,
    { name: 'stock.csv', bytes: ['image,sku,product,title,stock', ...rows, ''].join('\n') },
  ]);
}

function nameOf(at: number): string {
  return `${String(at).padStart(6, '0')}.jpg`;
}

async function photoOf(at: number, seed: number): Promise<Buffer> {
  const random = Random.of(seed, 'photo', at);
  const chance = random.uniform() * 100;
  // Of a pair one comes long before the other, so that they are in two jobs.
  const earlier = Math.floor(random.uniform() * at);
  if (at > 0 && chance < SAME) return pattern(earlier, seed, 90);
  if (at > 0 && chance < SAME + ANEW) return pattern(earlier, seed, 70);
  if (chance < SAME + ANEW + BROKEN) return Buffer.from(`no photo ${at}`);
  return pattern(at, seed, 90);
}

function pattern(number: number, seed: number, quality: number): Promise<Buffer> {
  const random = Random.of(seed, 'pattern', number);
  const cells = Uint8Array.from({ length: CELLS * CELLS * 3 }, () => Math.floor(random.uniform() * 256));
  const picture = sharp(cells, { raw: { width: CELLS, height: CELLS, channels: 3 } });
  return picture.resize(SIDE, SIDE, { kernel: 'cubic' }).jpeg({ quality }).toBuffer();
}

/** Number, key, title and pieces. */
function productOf(at: number, photos: number, seed: number): string[] {
  const random = Random.of(seed, 'product', at);
  const chance = random.uniform() * 100;
  const one = Math.floor(random.uniform() * Math.max(1, (photos * NUMBERED) / 300));
  if (chance < NUMBERED) return [`K-${one}`, '', `Kaos ${one}`, '3'];
  if (chance < NUMBERED + KEYED) return ['', `key-${one}`, `Hoodie ${one}`, '2'];
  return ['', '', '', ''];
}
