import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawWardrobe } from '../../src/wardrobe/draw-wardrobe.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardrobe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = { count: 40, test: 10, seed: 3, size: 48 };

/** Name and hash of every file below a folder. */
async function fingerprint(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(root.length + 1)] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  }
  return files;
}

async function rows(name: string): Promise<string[][]> {
  const text = await readFile(join(folder, 'first', name), 'utf8');
  const [header, ...lines] = text.trimEnd().split('\n');
  expect(header).toBe('id,jenis,warna');
  return lines.map((line) => line.split(','));
}

describe('drawWardrobe', () => {
  it('gives the same bytes for the same seed, and others for another', async () => {
    await drawWardrobe(join(folder, 'first'), options);
    await drawWardrobe(join(folder, 'second'), options);
    await drawWardrobe(join(folder, 'third'), { ...options, seed: 4 });
    const first = await fingerprint(join(folder, 'first'));
    expect(await fingerprint(join(folder, 'second'))).toEqual(first);
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
    expect((await fingerprint(join(folder, 'third')))['train/1.jpg']).not.toBe(first['train/1.jpg']);
  });

  it('lays the photos out as the competition does', async () => {
    const train = await rows('train.csv');
    const answers = await rows('answers.csv');
    const sample = await rows('sample_submission.csv');
    expect(train.map(([id]) => Number(id))).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(answers.map(([id]) => Number(id))).toEqual(Array.from({ length: 10 }, (_, index) => index + 41));
    expect(sample).toEqual(answers.map(([id]) => [id, '0', '0']));
    const names = (await readdir(join(folder, 'first', 'train'))).map((name) => name.split('.')[0]);
    expect(new Set(names)).toEqual(new Set(train.map(([id]) => id)));
    for (const name of await readdir(join(folder, 'first', 'test'))) {
      const { width, height, format } = await sharp(join(folder, 'first', 'test', name)).metadata();
      expect({ width, height, format }).toEqual({
        width: 48,
        height: 48,
        format: name.endsWith('png') ? 'png' : 'jpeg',
      });
    }
  });

  it('has every combination of type and colour equally often', async () => {
    const counts = new Map<string, number>();
    for (const [, type, colour] of await rows('train.csv')) {
      counts.set(`${type},${colour}`, (counts.get(`${type},${colour}`) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it('replaces a wardrobe of its own and nothing else', async () => {
    await drawWardrobe(join(folder, 'third'), { ...options, count: 10, test: 0 });
    expect(await readdir(join(folder, 'third', 'train'))).toHaveLength(10);
    await mkdir(join(folder, 'mine'));
    await writeFile(join(folder, 'mine', 'holiday.jpg'), 'mine');
    await expect(drawWardrobe(join(folder, 'mine'), options)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(await readdir(join(folder, 'mine'))).toEqual(['holiday.jpg']);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const controller = new AbortController();
    const onProgress = (done: number) => {
      if (done === 5) controller.abort();
    };
    const stopped = drawWardrobe(join(folder, 'stopped'), { ...options, onProgress, signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect((await readdir(folder)).filter((name) => name.includes('stopped'))).toEqual([]);
  });
});
