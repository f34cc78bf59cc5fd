import type { AttributeKind, Taxonomy } from '@busana/contracts';
import { Random } from '@busana/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawMix, mixPictures, type Mix } from '../../src/batches/mix.ts';
import { describeMixing, mixableGroups, type Mixing } from '../../src/batches/mix-rules.ts';
import { MISSING } from '../../src/data/dataset.ts';

const SIZE = 16;
const mixings: readonly Mixing[] = ['mixup', 'cutmix'];

function taxonomyOf(...kinds: AttributeKind[]): Taxonomy {
  const values = ['a', 'b', 'c'].map((code) => ({ code, names: {}, aliases: [] }));
  return { id: 'id', attributes: kinds.map((kind) => ({ name: kind, titles: {}, kind, values })) };
}

const draw = (mixing: Mixing, index: number, groups: readonly string[] = ['', '']): Mix =>
  drawMix(Random.of('mix', index), mixing, { groups, size: SIZE });

/** Photo n is full of the value n. */
const plain = (values: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: values.length * SIZE * SIZE * 3 }, (_, at) => values[Math.floor(at / (SIZE * SIZE * 3))]!);

describe('the share of a photo in its mixture', () => {
  const shares = (mixing: Mixing): number[] => Array.from({ length: 4000 }, (_, index) => draw(mixing, index).share);
  const variance = (values: number[]): number =>
    values.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / values.length;

  it('of mixup is Beta(0.2, 0.2): mean 1/2, variance 1 / (4 (2 x 0.2 + 1))', () => {
    const drawn = shares('mixup');
    expect(drawn.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(drawn.reduce((sum, share) => sum + share, 0) / drawn.length).toBeCloseTo(0.5, 1);
    expect(Math.abs(variance(drawn) - 1 / 5.6)).toBeLessThan(0.006);
  });

  it('of cutmix is the area that the patch leaves', () => {
    for (let index = 0; index < 500; index += 1) {
      const { share, patch } = draw('cutmix', index);
      const { left, top, width, height } = patch!;
      expect(Math.min(left, top, width, height)).toBeGreaterThanOrEqual(0);
      expect(Math.max(left + width, top + height)).toBeLessThanOrEqual(SIZE);
      expect(share).toBe(1 - (width * height) / SIZE ** 2);
    }
    // Beta(1, 1) has mean 1/2; patches lose what lies beyond the border, so more is left.
    const drawn = shares('cutmix');
    const mean = drawn.reduce((sum, share) => sum + share, 0) / drawn.length;
    expect(mean).toBeGreaterThan(0.6);
    expect(mean).toBeLessThan(0.8);
  });

  it('is the same for the same stream', () => {
    for (const mixing of mixings) expect(draw(mixing, 3)).toEqual(draw(mixing, 3));
    expect(draw('mixup', 3)).not.toEqual(draw('mixup', 4));
  });
});

describe('a mixed picture', () => {
  const images = plain([10, 250, 100]);
  const pixels = (mixed: Uint8Array, photo: number): Uint8Array =>
    mixed.subarray(photo * SIZE * SIZE * 3, (photo + 1) * SIZE * SIZE * 3);

  it('is the weighted sum with mixup', () => {
    const before = images.slice();
    const mixed = mixPictures(images, SIZE, { partners: [1, 0, 2], share: 0.8 });
    // 0.8 x 10 + 0.2 x 250 and the other way round; the third is alone.
    expect([0, 1, 2].map((photo) => new Set(pixels(mixed, photo)))).toEqual([
      new Set([58]),
      new Set([202]),
      new Set([100]),
    ]);
    expect(images).toEqual(before);
  });

  it('has the patch of the other with cutmix, and nothing in between', () => {
    const patch = { left: 3, top: 5, width: 4, height: 2 };
    const mixed = mixPictures(images, SIZE, { partners: [1, 0, 2], share: 1 - 8 / SIZE ** 2, patch });
    for (let at = 0; at < SIZE * SIZE * 3; at += 1) {
      const [column, row] = [Math.floor(at / 3) % SIZE, Math.floor(at / 3 / SIZE)];
      const inside = column >= 3 && column < 7 && row >= 5 && row < 7;
      expect([pixels(mixed, 0)[at], pixels(mixed, 1)[at], pixels(mixed, 2)[at]]).toEqual(
        inside ? [250, 10, 100] : [10, 250, 100],
      );
    }
  });
});

describe('partners', () => {
  const kinds = fc.uniqueArray(fc.constantFrom<AttributeKind>('colour', 'shape', 'pattern', 'other'), { minLength: 1 });
  const cases = fc.tuple(fc.constantFrom(...mixings), kinds, fc.nat()).chain(([mixing, drawn, seed]) =>
    fc.record({
      mixing: fc.constant(mixing),
      kinds: fc.constant(drawn),
      seed: fc.constant(seed),
      targets: fc.array(fc.tuple(...drawn.map(() => fc.constantFrom(MISSING, 0, 1, 2))), {
        minLength: 2,
        maxLength: 24,
      }),
    }),
  );

  it('agree in what a mixture would make untrue, and everyone who has company gets one', () => {
    const untrue = { mixup: ['colour', 'pattern'], cutmix: ['shape', 'pattern'] };
    fc.assert(
      fc.property(cases, ({ mixing, kinds: drawn, seed, targets }) => {
        const groups = mixableGroups(mixing, taxonomyOf(...drawn), targets);
        const { partners } = drawMix(Random.of(seed), mixing, { groups, size: SIZE });
        expect([...partners].sort((a, b) => a - b)).toEqual(targets.map((_, position) => position));
        const kept = drawn.flatMap((kind, index) => (untrue[mixing].includes(kind) ? [index] : []));
        const agree = (a: number, b: number): boolean =>
          kept.every((index) => targets[a]![index] === targets[b]![index]);
        partners.forEach((partner, photo) => {
          expect(agree(photo, partner)).toBe(true);
          const company = targets.some((_, other) => other !== photo && agree(photo, other));
          expect(partner !== photo).toBe(company);
        });
      }),
    );
  });

  it('never blend two colours, whatever the pictures', () => {
    // A pixel of one garment and of the other differ by colour alone: red 200, 0, 0 and blue 0, 0, 200.
    const targets = [[0], [1], [0], [1], [0]];
    const colours = [[200, 0, 0], [0, 0, 200]]; // prettier-ignore
    const images = Uint8Array.from({ length: 5 * SIZE * SIZE * 3 }, (_, at) => {
      const photo = Math.floor(at / (SIZE * SIZE * 3));
      return colours[targets[photo]![0]!]![at % 3]!;
    });
    for (let index = 0; index < 50; index += 1) {
      for (const mixing of mixings) {
        const groups = mixableGroups(mixing, taxonomyOf('colour'), targets);
        const mixed = mixPictures(images, SIZE, draw(mixing, index, groups));
        for (let at = 0; at < mixed.length; at += 3) {
          const pixel = [...mixed.subarray(at, at + 3)];
          const own = colours[targets[Math.floor(at / (SIZE * SIZE * 3))]![0]!];
          if (mixing === 'mixup' ? pixel.join() !== own!.join() : !colours.some((c) => c.join() === pixel.join())) {
            expect.fail(`${mixing} ${index} made ${pixel.join()}`);
          }
        }
      }
    }
  });

  it('are explained to people', () => {
    const all = taxonomyOf('colour', 'shape');
    expect(describeMixing('mixup', all)).toContain('only photos of the same colour (');
    expect(describeMixing('cutmix', all)).toContain('only photos of the same shape (');
    expect(describeMixing('mixup', taxonomyOf('shape', 'other'))).toContain('pairs any photos');
  });
});
