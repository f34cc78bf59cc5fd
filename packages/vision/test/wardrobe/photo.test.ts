import { converter, differenceEuclidean } from 'culori';
import { describe, expect, it } from 'vitest';
import { colourNames, type ColourName } from '../../src/wardrobe/colours.ts';
import { takePhoto } from '../../src/wardrobe/photo.ts';
import type { Picture } from '../../src/image/picture.ts';

const size = 96;
const lab = converter('lab');
const distance = differenceEuclidean('lab');

/** Colours that people call by the name, from the outside: not the ranges that the wardrobe draws from. */
const named: Record<ColourName, readonly string[]> = {
  red: ['#b22222', '#d7263d', '#7d1128'],
  yellow: ['#f2c500', '#c99a1c', '#f2ec4e'],
  blue: ['#1f5fbf', '#14284f', '#6aaee0'],
  black: ['#1c1c1c', '#363a3d'],
  white: ['#f4f4f2', '#dcdcdc', '#efe6d2'],
};

/** The name that most pixels in the middle of the photo, where the garment is, are nearest to. */
function dominantColour({ width, height, data }: Picture): ColourName {
  const votes = new Map<ColourName, number>();
  for (let y = Math.floor(height * 0.38); y < height * 0.66; y += 1) {
    for (let x = Math.floor(width * 0.38); x < width * 0.62; x += 1) {
      const [r, g, b] = data.subarray((y * width + x) * 3);
      const pixel = lab({ mode: 'rgb', r: r! / 255, g: g! / 255, b: b! / 255 });
      const near = (name: ColourName) => Math.min(...named[name].map((colour) => distance(pixel, colour)));
      const nearest = colourNames.reduce((best, name) => (near(name) < near(best) ? name : best));
      votes.set(nearest, (votes.get(nearest) ?? 0) + 1);
    }
  }
  return colourNames.reduce((best, name) => ((votes.get(name) ?? 0) > (votes.get(best) ?? 0) ? name : best));
}

describe('a drawn photo', () => {
  it('has the colour of its label in the middle of the garment', async () => {
    const wrong: string[] = [];
    for (const colour of colourNames) {
      for (let index = 0; index < 24; index += 1) {
        const type = index % 2 === 0 ? 'T-shirt' : 'hoodie';
        const seen = dominantColour(await takePhoto({ type, colour }, size, [5, colour, index]));
        if (seen !== colour) wrong.push(`${type} ${index}: ${colour} looks ${seen}`);
      }
    }
    // A print, a belly pocket in shadow or a strong cast may win now and then, as in real photos.
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(3);
  });

  it('shows another garment when only the type changes: sleeves, hood and pocket', async () => {
    let changed = 0;
    for (let index = 0; index < 10; index += 1) {
      const tshirt = await takePhoto({ type: 'T-shirt', colour: 'red' }, size, [6, index]);
      const hoodie = await takePhoto({ type: 'hoodie', colour: 'red' }, size, [6, index]);
      const different = tshirt.data.filter((value, at) => Math.abs(value - hoodie.data[at]!) > 40).length;
      changed += different / tshirt.data.length / 10;
    }
    expect(changed).toBeGreaterThan(0.05);
  });

  it('is the same for the same keys and another one for other keys', async () => {
    const subject = { type: 'hoodie', colour: 'blue' } as const;
    const once = await takePhoto(subject, size, [7, 'photo', 1]);
    const again = await takePhoto(subject, size, [7, 'photo', 1]);
    const other = await takePhoto(subject, size, [7, 'photo', 2]);
    expect(again.data).toEqual(once.data);
    expect(other.data).not.toEqual(once.data);
    expect([once.width, once.height, once.data.length]).toEqual([size, size, size * size * 3]);
  });
});
