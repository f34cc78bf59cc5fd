import { Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { colourOpinion, heardTogether } from '../../src/colour/opinion.ts';
import { readColours } from '../../src/colour/reading.ts';
import { objection, remarksOn } from '../../src/colour/remarks.ts';
import { reasonText } from '../../src/predict/reason-text.ts';
import type { Picture } from '../../src/image/picture.ts';
import { garments } from '../../src/taxonomy/builtin.ts';
import { colourNames } from '../../src/wardrobe/colours.ts';
import { takePhoto } from '../../src/wardrobe/photo.ts';
import { painted } from '../support/painted.ts';

const warna = garments.attributes[1]!;
const ground = '<rect width="100" height="100" fill="#e6ddd0"/>';
const shirt = (fill: string) => `<rect x="28" y="18" width="44" height="62" fill="${fill}"/>`;
const remarks = (picture: Picture): string => remarksOn(picture, readColours(picture), warna).map((one) => reasonText(one, garments)).join('; '); // prettier-ignore

describe('the second opinion', () => {
  it('is the colour that was drawn, whatever the scene', async () => {
    const wrong: string[] = [];
    for (let index = 0; index < 50; index += 1) {
      const colour = colourNames[index % 5]!;
      const type = index % 2 === 0 ? 'T-shirt' : 'hoodie';
      const picture = await takePhoto({ type, colour }, 224, [31, 'opinion', index]);
      const { value, shares } = colourOpinion(readColours(picture), warna)!;
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      if (colourNames[value] !== colour) wrong.push(`${index}: ${colour} looks ${colourNames[value]}`);
    }
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(3);
  });

  it('is heard beside the network: it confirms, objects, and changes nothing where it does not know', () => {
    const even = { shares: [0.2, 0.2, 0.2, 0.2, 0.2], value: 0 };
    const network = [0.1, 0.1, 0.1, 0.6, 0.1];
    heardTogether(network, even).forEach((value, index) => expect(value).toBeCloseTo(network[index]!, 12));
    expect(heardTogether(network, { shares: [0, 0, 0, 1, 0], value: 3 })[3]).toBeGreaterThan(0.99);
    expect(heardTogether([0, 0, 0.05, 0.95, 0], { shares: [0, 0, 1, 0, 0], value: 2 })[3]).toBeLessThan(0.1);
  });

  it('says in two languages what it sees instead', async () => {
    const picture = await painted(`${ground}${shirt('#1b2547')}`);
    const reading = readColours(picture);
    const opinion = colourOpinion(reading, warna)!;
    const against = objection(reading, opinion, { attribute: warna, predicted: 3 });
    const colour = { en: 'navy', id: 'biru dongker' };
    expect(against).toEqual({ code: 'pixels-object', attribute: 'warna', value: '3', colour });
    expect(reasonText(against!, garments)).toBe('predicted black, pixels say navy (biru dongker)');
    expect(objection(reading, opinion, { attribute: warna, predicted: 2 })).toBeUndefined();
  });
});

describe('remarks', () => {
  it('are none on a plain garment of one colour', async () => {
    expect(remarks(await painted(`${ground}${shirt('#c8102e')}`))).toBe('');
  });

  it('tell what lies between navy and black', async () => {
    expect(remarks(await painted(`${ground}${shirt('#2b2e36')}`))).toMatch(
      /lies between (black and blue|blue and black)/,
    );
    expect(remarks(await painted(`${ground}${shirt('#141414')}`))).not.toContain('between');
  });

  it('tell heather from flat grey', async () => {
    const flat = await painted(`${ground}${shirt('#a6a6a8')}`);
    const random = Random.of('heather');
    const data = Uint8Array.from(flat.data);
    for (let pixel = 0; pixel < data.length / 3; pixel += 1) {
      const yarn = Math.round(random.normal(0, 12));
      if (data[pixel * 3] === 0xa6) data.subarray(pixel * 3, pixel * 3 + 3).forEach((v, c, rgb) => (rgb[c] = v + yarn));
    }
    expect(remarks({ ...flat, data })).toContain('yarn of light and dark blended');
    expect(remarks(flat)).toBe('heather grey (abu-abu misty), which no value is called');
  });

  it('tell stripes, along and across', async () => {
    const bars = Array.from(
      { length: 7 },
      (_, i) => `<rect x="28" y="${20 + i * 8}" width="44" height="4" fill="#f4f4f2"/>`,
    );
    const striped = `${ground}${shirt('#14284f')}${bars.join('')}`;
    expect(remarks(await painted(striped))).toMatch(/stripes of .*navy.* and (off-)?white/);
    const upright = Array.from({ length: 5 }, (_, i) => `<rect x="${32 + i * 8}" y="18" width="4" height="62" fill="#f4f4f2"/>`); // prettier-ignore
    expect(remarks(await painted(`${ground}${shirt('#14284f')}${upright.join('')}`))).toContain('stripes');
    expect(remarks(await painted(`${ground}${shirt('#14284f')}${bars[3]!}`))).not.toContain('stripes');
  });

  it('tell two garments beside each other', async () => {
    const two = `${ground}<rect x="8" y="20" width="38" height="60" fill="#c8102e"/><rect x="54" y="20" width="38" height="60" fill="#1f5fbf"/>`;
    expect(remarks(await painted(two))).toContain('two garments or halves: red on the left, blue on the right');
  });

  it('tell banners, collages and lettering', async () => {
    const letters = Array.from(
      { length: 9 },
      (_, i) => `<rect x="${6 + i * 10}" y="88" width="4" height="6" fill="#111"/>`,
    ).join('');
    const banner = '<rect y="86" width="100" height="14" fill="#1f5fbf"/>';
    const halves = `<rect width="100" height="50" fill="#e6ddd0"/><rect y="50" width="100" height="50" fill="#6b8f71"/><circle cx="50" cy="25" r="16" fill="#c8102e"/><circle cx="50" cy="75" r="16" fill="#c8102e"/>`;
    expect(remarks(await painted(`${ground}${shirt('#c8102e')}${letters}`))).toBe('lettering beside the garment');
    expect(remarks(await painted(`${ground}${shirt('#c8102e')}${banner}`))).toBe('a banner or frame over the photo');
    expect(remarks(await painted(halves))).toContain('several pictures in one');
  });
});
