/** @file Many small photos, no two alike: random patches in one of three colours, light or dark. */
import { Random } from '@busana/engine';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { enlarge } from '../../packages/vision/src/image/enlarge.ts';
import { inParallel } from '../../packages/vision/src/parallel.ts';

/** Side of a photo, in pixels. */
const SIZE = 96;
/** Patches along a side: enough for hashes of 256 bits that have nothing in common. */
const PATCHES = 12;
const tints = { red: [1, 0.4, 0.4], green: [0.4, 1, 0.4], blue: [0.4, 0.4, 1] } as const;
const tones = { dark: [20, 130], light: [120, 250] } as const;
const kinds = (Object.keys(tints) as (keyof typeof tints)[]).flatMap((tint) =>
  (Object.keys(tones) as (keyof typeof tones)[]).map((tone) => ({ tint, tone })),
);

/** Draws `1.jpg` to `<count>.jpg`. */
export async function drawPhotos(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await inParallel(
    Array.from({ length: count }, (_, index) => index),
    async (index) => {
      const { tint, tone } = kindOf(index);
      const random = Random.of('scale', index);
      const data = Uint8Array.from(
        Array.from({ length: PATCHES ** 2 }, () => random.uniform(...tones[tone])).flatMap((grey) =>
          tints[tint].map((share) => grey * share),
        ),
      );
      const picture = enlarge({ width: PATCHES, height: PATCHES, data }, SIZE);
      await sharp(picture.data, { raw: { width: SIZE, height: SIZE, channels: 3 } })
        .jpeg()
        .toFile(join(folder, `${index + 1}.jpg`));
    },
  );
}

/** `train.csv` of the first photos. */
export async function writeTable(folder: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => `${index + 1},${Object.values(kindOf(index)).join()}\n`);
  await writeFile(join(folder, 'train.csv'), `id,tint,tone\n${rows.join('')}`);
}

function kindOf(index: number) {
  return kinds[index % kinds.length]!;
}
