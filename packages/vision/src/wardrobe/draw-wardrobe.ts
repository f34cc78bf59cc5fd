import { BusanaError } from '@busana/contracts';
import { Random } from '@busana/engine';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { colourNames } from './colours.ts';
import { takePhoto, type Subject } from './photo.ts';

export interface WardrobeOptions {
  /** Labelled photos. */
  readonly count: number;
  /** Photos in `test/`; their labels are in `answers.csv`. */
  readonly test: number;
  readonly seed: number;
  /** Side of the photos in pixels. */
  readonly size?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** The mark of a folder that this module wrote and may replace. */
const mark = 'wardrobe.json';

const combinations: readonly Subject[] = (['T-shirt', 'hoodie'] as const).flatMap((type) =>
  colourNames.map((colour) => ({ type, colour })),
);

/**
 * Draws photos of T-shirts and hoodies in five colours and lays them out as the competition does: `train/`,
 * `train.csv` (`id,jenis,warna`), `test/`, `sample_submission.csv`; besides, `answers.csv` has the labels of `test/`.
 * Every combination of type and colour is equally frequent. The same options give the same bytes.
 * A wardrobe that was drawn there before is replaced; the folder appears when it is complete.
 * @throws BusanaError OUTPUT_UNWRITABLE when the folder holds something else, or cannot be written
 */
export async function drawWardrobe(folder: string, options: WardrobeOptions): Promise<void> {
  const { count, test, seed } = options;
  await refuseForeign(folder);
  const unfinished = await emptyNeighbour(folder);
  try {
    const train = deal(count, Random.of(seed, 'wardrobe', 'train'));
    const held = deal(test, Random.of(seed, 'wardrobe', 'test'));
    await drawAll(unfinished, [...train, ...held], options);
    const rows = (subjects: readonly Subject[], first: number) =>
      subjects.map((subject, index) => `${first + index},${codes(subject)}\n`).join('');
    const csv = (name: string, body: string) => writeFile(join(unfinished, name), `id,jenis,warna\n${body}`);
    await csv('train.csv', rows(train, 1));
    await csv('answers.csv', rows(held, count + 1));
    await csv('sample_submission.csv', held.map((_, index) => `${count + 1 + index},0,0\n`).join(''));
    const { size = 200 } = options;
    await writeFile(join(unfinished, mark), `${JSON.stringify({ count, test, seed, size })}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Every combination as often as any other, in an order of chance. */
function deal(count: number, random: Random): Subject[] {
  return random.shuffle(Array.from({ length: count }, (_, index) => combinations[index % combinations.length]!));
}

function codes({ type, colour }: Subject): string {
  return `${type === 'hoodie' ? 1 : 0},${colourNames.indexOf(colour)}`;
}

async function drawAll(folder: string, subjects: readonly Subject[], options: WardrobeOptions): Promise<void> {
  const { count, seed, size = 200, onProgress, signal } = options;
  await mkdir(join(folder, 'train'));
  await mkdir(join(folder, 'test'));
  let next = 0;
  let done = 0;
  const draw = async (): Promise<void> => {
    while (next < subjects.length) {
      if (signal?.aborted === true) throw new BusanaError('INTERRUPTED', 'stopped while drawing the wardrobe');
      const index = next;
      next += 1;
      const part = index < count ? 'train' : 'test';
      await drawOne(join(folder, part, String(index + 1)), subjects[index]!, size, [seed, 'photo', index + 1]);
      done += 1;
      onProgress?.(done, subjects.length);
    }
  };
  // The rasteriser works in threads of its own: a few photos on the way keep them all busy.
  const ends = await Promise.allSettled(Array.from({ length: 4 }, draw));
  // All have ended before the first failure is told: nobody writes into the folder while it is removed.
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function drawOne(path: string, subject: Subject, size: number, keys: readonly (number | string)[]) {
  const { width, height, data } = await takePhoto(subject, size, keys);
  const random = Random.of(...keys, 'file');
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  if (random.chance(0.06)) await image.png().toFile(`${path}.png`);
  else await image.jpeg({ quality: random.integer(72, 93) }).toFile(`${path}.jpg`);
}

async function refuseForeign(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((): string[] => []);
  if (entries.length > 0 && !entries.includes(mark)) {
    throw new BusanaError('OUTPUT_UNWRITABLE', `'${folder}' holds other files: no wardrobe is drawn over them`, {
      remedy: 'Name an empty or a new folder.',
    });
  }
}

async function emptyNeighbour(folder: string): Promise<string> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    return await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  } catch (error) {
    throw new BusanaError('OUTPUT_UNWRITABLE', `cannot write beside '${folder}'`, { cause: error });
  }
}
