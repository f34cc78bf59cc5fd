import { describe, expect, it } from 'vitest';
import { gridOf } from '../../src/colour/grid.ts';
import type { Picture } from '../../src/image/picture.ts';
import { garmentMask, garmentOf } from '../../src/mask/garment.ts';
import { colourNames } from '../../src/wardrobe/colours.ts';
import { garmentShape, takePhoto } from '../../src/wardrobe/photo.ts';
import { painted } from '../support/painted.ts';

const size = 224;

function overlap(found: Uint8Array, truth: Uint8Array): number {
  let [both, either] = [0, 0];
  found.forEach((inside, pixel) => {
    both += inside & truth[pixel]!;
    either += inside | truth[pixel]!;
  });
  return both / either;
}

describe('the mask of a garment', () => {
  it('covers what was drawn: intersection over union with the known shape', async () => {
    const overlaps: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      const type = index % 2 === 0 ? 'T-shirt' : 'hoodie';
      const subject = { type, colour: colourNames[Math.floor(index / 2) % 5]! } as const;
      const keys = [29, 'mask test', index];
      const [picture, truth] = [await takePhoto(subject, size, keys), await garmentShape(subject, size, keys)];
      overlaps.push(overlap(garmentMask(picture)!, truth));
    }
    overlaps.sort((a, b) => a - b);
    const mean = overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length;
    // A rectangle over the middle of these photos reaches 0.5.
    expect(mean, overlaps.map((value) => value.toFixed(2)).join(' ')).toBeGreaterThan(0.78);
    expect(overlaps[20]).toBeGreaterThan(0.82);
  });

  it('finds white cloth on white paper by the shadow at its edge', async () => {
    const picture = await painted(
      `<rect width="100" height="100" fill="#fff"/><rect x="25" y="20" width="50" height="60" fill="#f4f4f2" stroke="#d8d8d8"/>`,
    );
    expect(shareOf(picture)).toBeGreaterThan(0.24);
    expect(shareOf(picture)).toBeLessThan(0.36);
  });

  it('leaves a frame, a banner and skin out', async () => {
    const worn = await painted(
      `<rect width="100" height="100" fill="#e33"/><rect x="5" y="5" width="90" height="90" fill="#9bb"/>
      <circle cx="50" cy="20" r="10" fill="#c68f6a"/><rect x="30" y="32" width="40" height="45" fill="#22a"/>`,
    );
    const data = garmentMask(worn)!;
    const at = (x: number, y: number) => data[Math.round(y * 2.24) * size + Math.round(x * 2.24)];
    expect([at(50, 50), at(32, 70), at(50, 20), at(2, 50), at(50, 98), at(12, 12)]).toEqual([1, 1, 0, 0, 0, 0]);
  });

  it.each([1, 2, 7, 30])('is unknown of a photo of one colour, where the middle stands for it (%d px)', (side) => {
    const picture = { width: side, height: side, data: new Uint8Array(side * side * 3).fill(128) };
    expect(garmentMask(picture)).toBeUndefined();
    const { garment, guessed } = garmentOf(gridOf(picture));
    expect([guessed, garment.some((inside) => inside === 1)]).toEqual([true, true]);
  });

  it('is the same for the same photo, and of its size where that is no multiple of the grid', async () => {
    const { data } = await takePhoto({ type: 'hoodie', colour: 'red' }, 203, [1]);
    const picture = { width: 203, height: 203, data };
    expect(garmentMask(picture)).toEqual(garmentMask(picture));
    expect(garmentMask(picture)!).toHaveLength(203 * 203);
  });
});

function shareOf(picture: Picture): number {
  const mask = garmentMask(picture)!;
  return mask.reduce((sum, inside) => sum + inside, 0) / mask.length;
}
