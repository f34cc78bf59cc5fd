import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Photo } from '../../src/data/dataset.ts';
import { findDuplicateGroups, groupPairs, type DuplicatePair } from '../../src/data/duplicates.ts';
import { fingerprint } from '../../src/data/fingerprint.ts';
import { folderWith } from '../support/temporary.ts';

/** A garment-like drawing with enough structure for 256 comparisons; `number` decides where things are. */
function drawing(number: number, colour = '#36c'): Sharp {
  const at = (k: number): number => (number * 37 + k * 53) % 120;
  const blobs = Array.from({ length: 9 }, (_, k) => {
    const light = 30 + ((k * 23 + number * 11) % 60);
    return `<ellipse cx="${at(k) + 20}" cy="${at(k + 9) + 20}" rx="${10 + at(k + 3) / 4}" ry="${8 + at(k + 5) / 5}" fill="hsl(0,0%,${light}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160"><defs><linearGradient id="g"><stop stop-color="#eee"/><stop offset="1" stop-color="#999"/></linearGradient></defs><rect width="160" height="160" fill="url(#g)"/>${blobs.join('')}<path d="M50 40 L110 40 L120 130 L40 130 Z" fill="${colour}"/></svg>`;
  return sharp(Buffer.from(svg));
}

async function photosOf(files: Record<string, Buffer>): Promise<Photo[]> {
  const folder = await folderWith(files);
  return Object.keys(files).map((name) => ({ id: name, name, location: { kind: 'file', path: join(folder, name) } }));
}

const names = (photos: readonly Photo[], pairs: readonly DuplicatePair[]) =>
  pairs.map(({ first, second, kind }) => `${photos[first]!.name} ${kind} ${photos[second]!.name}`);

describe('findDuplicateGroups', () => {
  it('finds the same pixels in other files, and nothing where there is nothing', async () => {
    const photos = await photosOf({
      'a.png': await drawing(1).png().toBuffer(),
      'b.png': await drawing(2).png().toBuffer(),
      'c.webp': await drawing(1).webp({ lossless: true }).toBuffer(),
      'd.png': await drawing(3).png({ compressionLevel: 0 }).toBuffer(),
    });
    const { pairs, groupOf, reasons } = await findDuplicateGroups(photos);
    expect(names(photos, pairs)).toEqual(['a.png exact c.webp']);
    expect(pairs[0]).toMatchObject({ distance: 0 });
    expect(groupOf).toEqual([0, 1, 0, 3]);
    expect(reasons).toEqual(['same pixels as c.webp', 'no duplicate', 'same pixels as a.png', 'no duplicate']);
  });

  it('pairs each of several copies with the first, and only that one with what resembles them', async () => {
    const copy = await drawing(1).png().toBuffer();
    const photos = await photosOf({
      'a.png': copy,
      'b.png': copy,
      'like.jpg': await drawing(1).jpeg({ quality: 60 }).toBuffer(),
      'c.webp': await drawing(1).webp({ lossless: true }).toBuffer(),
    });
    const { pairs, groupOf } = await findDuplicateGroups(photos);
    expect(names(photos, pairs)).toEqual(['a.png exact b.png', 'a.png near like.jpg', 'a.png exact c.webp']);
    expect(groupOf).toEqual([0, 0, 0, 0]);
  });

  it('finds the same with signatures of an earlier run, and decodes a photo again whose signature is damaged', async () => {
    const photos = await photosOf({
      'a.png': await drawing(1).png().toBuffer(),
      'b.jpg': await drawing(1).jpeg({ quality: 60 }).toBuffer(),
      'c.png': await drawing(2).png().toBuffer(),
    });
    const cache = await folderWith();
    const first = await findDuplicateGroups(photos, { cache });
    expect(names(photos, first.pairs)).toEqual(['a.png near b.jpg']);
    expect(await findDuplicateGroups(photos, { cache })).toEqual(first);
    const kept = (await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.records'));
    expect(kept).toHaveLength(1);
    await writeFile(join(cache, kept[0]!), Buffer.alloc((await stat(join(cache, kept[0]!))).size));
    expect(await findDuplicateGroups(photos, { cache })).toEqual(first);
  });

  it('finds a photo again when it was compressed, scaled or dyed', async () => {
    const photos = await photosOf({
      'original.png': await drawing(1).png().toBuffer(),
      'other.png': await drawing(2).png().toBuffer(),
      'compressed.jpg': await drawing(1).jpeg({ quality: 60 }).toBuffer(),
      'scaled.png': await drawing(1).resize(220, 220).png().toBuffer(),
      // Another hue of the same lightness, as of one hoodie in two colours.
      'dyed.png': await drawing(1, '#962d96').png().toBuffer(),
    });
    const { groupOf, pairs, reasons } = await findDuplicateGroups(photos);
    expect(groupOf).toEqual([0, 1, 0, 0, 0]);
    expect(names(photos, pairs)).toEqual([
      'original.png near compressed.jpg',
      'original.png near scaled.png',
      'compressed.jpg near scaled.png',
      'original.png twin dyed.png',
      'compressed.jpg twin dyed.png',
      'scaled.png twin dyed.png',
    ]);
    expect(pairs.every(({ structure }) => structure > 0.96)).toBe(true);
    expect(reasons[2]).toMatch(/^near-duplicate \(\d of 256 bits differ\) of original.png$/);
    expect(reasons[4]).toBe('in another colour than scaled.png');
  });

  it('does not join plain pictures that merely have no structure', async () => {
    const plain = (background: string) =>
      sharp({ create: { width: 40, height: 40, channels: 3, background } })
        .png()
        .toBuffer();
    const photos = await photosOf({
      'a.png': await plain('red'),
      'b.png': await plain('white'),
      'c.png': await plain('red'),
    });
    const { pairs } = await findDuplicateGroups(photos);
    expect(names(photos, pairs)).toEqual(['a.png exact c.png']);
  });

  it('refuses a photo that cannot be decoded', async () => {
    const photos = await photosOf({ 'a.jpg': Buffer.from('no photo') });
    await expect(findDuplicateGroups(photos)).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  });
});

describe('groupPairs', () => {
  const photos = Array.from({ length: 6 }, (_, index): Photo => ({
    id: String(index),
    name: `${index}.jpg`,
    location: { kind: 'file', path: '' },
  }));
  const pair = (first: number, second: number): DuplicatePair => ({
    first,
    second,
    kind: 'near',
    distance: 3,
    structure: 1,
    colourDifference: 0,
  });

  it('joins chains, in any order, under their first photo', () => {
    expect(groupPairs(photos, [pair(4, 5), pair(1, 3), pair(3, 4)]).groupOf).toEqual([0, 1, 2, 1, 1, 1]);
    expect(groupPairs(photos, [pair(3, 4), pair(1, 3), pair(4, 5)]).groupOf).toEqual([0, 1, 2, 1, 1, 1]);
  });

  it('leaves photos without a pair on their own', () => {
    expect(groupPairs(photos, []).groupOf).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('fingerprint', () => {
  it('changes with an id, a label, a byte of a photo, and with nothing else', async () => {
    const files = { 'a.png': await drawing(1).png().toBuffer(), 'b.png': await drawing(2).png().toBuffer() };
    const labelled = (photos: readonly Photo[]) => photos.map((photo) => ({ ...photo, targets: [0, 1] }));
    const photos = labelled(await photosOf(files));
    const [a, b] = [photos[0]!, photos[1]!];
    const hash = await fingerprint(photos);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await fingerprint(labelled(await photosOf(files)))).toBe(hash);
    const changed = labelled(await photosOf({ ...files, 'b.png': await drawing(3).png().toBuffer() }));
    for (const other of [[{ ...a, targets: [1, 1] }, b], [{ ...a, id: 'x' }, b], [b, a], [a], changed]) {
      expect(await fingerprint(other)).not.toBe(hash);
    }
  });
});
