import type { Taxonomy } from '@busana/contracts';
import { Random } from '@busana/engine';
import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compose, identity, warp, type Affine } from '../../src/image/augment/affine.ts';
import { augment } from '../../src/image/augment/apply.ts';
import { resolvePolicy } from '../../src/image/augment/policy.ts';
import { transformNames, transforms, type TransformName } from '../../src/image/augment/registry.ts';
import type { Picture } from '../../src/image/picture.ts';
import { folderWith } from '../support/temporary.ts';

const SIZE = 32;

/** A garment-like blob of one colour on a light ground, with some texture. */
function garment(colour: readonly [number, number, number]): Picture {
  const data = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const inside = Math.hypot(x - 16, y - 16) < 11;
      for (let channel = 0; channel < 3; channel += 1) {
        data[(y * SIZE + x) * 3 + channel] = inside ? colour[channel]! - ((x + y) % 4) * 3 : 215;
      }
    }
  }
  return { width: SIZE, height: SIZE, data };
}

const draw = (name: TransformName, picture: Picture, key: number, strength: number): Picture => {
  const transform = transforms[name];
  const random = Random.of('augment test', key);
  return transform.kind === 'movement'
    ? warp(picture, transform.draw(random, strength))
    : transform.apply(picture, random, strength);
};

/** Hue of the mean of the middle, in degrees; the middle is inside the garment. */
function hue({ data }: Picture): number {
  const sum = [0, 0, 0];
  for (let y = 12; y < 20; y += 1) {
    for (let x = 12; x < 20; x += 1) for (let c = 0; c < 3; c += 1) sum[c]! += data[(y * SIZE + x) * 3 + c]!;
  }
  const [r, g, b] = sum as [number, number, number];
  return (Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) * 180) / Math.PI;
}

const taxonomy = (...kinds: Taxonomy['attributes'][number]['kind'][]): Taxonomy => ({
  id: 'id',
  attributes: kinds.map((kind, index) => ({
    name: `a${index}`,
    titles: {},
    kind,
    values: [{ code: '0', names: {}, aliases: [] }],
  })),
});

describe.each(transformNames)('%s', (name) => {
  it('keeps the size, leaves its input alone, and draws the same from the same stream', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (key, strength) => {
        const picture = garment([180, 40, 50]);
        const before = picture.data.slice();
        const first = draw(name, picture, key, strength);
        expect([first.width, first.height, first.data.length]).toEqual([SIZE, SIZE, SIZE * SIZE * 3]);
        expect(picture.data).toEqual(before);
        expect(draw(name, picture, key, strength).data).toEqual(first.data);
      }),
      { numRuns: 25 },
    );
  });

  it('does nothing at strength 0', () => {
    const picture = garment([180, 40, 50]);
    const changed = draw(name, picture, 1, 0).data;
    // Bilinear weights of 1 and 0 in floating point may round a value by one.
    changed.forEach((value, index) => expect(Math.abs(value - picture.data[index]!)).toBeLessThanOrEqual(1));
  });

  it('does something at strength 1', () => {
    const picture = garment([180, 40, 50]);
    const changes = [1, 2, 3].map((key) =>
      draw(name, picture, key, 1).data.some((value, index) => value !== picture.data[index]),
    );
    expect(changes).toContain(true);
  });

  it('keeps the hue up to the strength from which it says it destroys colour', () => {
    const limit = Math.min(transforms[name].destroys.colour ?? 1, 1) * 0.99;
    const moves = Array.from({ length: 40 }, (_, key) => {
      const turned = hue(draw(name, garment([40, 60, 190]), key, limit)) - hue(garment([40, 60, 190]));
      return Math.abs(((turned + 540) % 360) - 180);
    }).sort((a, b) => a - b);
    // The median: a patch may cover the middle in some draws.
    expect(moves[20]).toBeLessThan(12);
  });
});

it('colour-space at full strength makes another colour', () => {
  const moves = Array.from({ length: 40 }, (_, key) =>
    Math.abs(hue(draw('colour-space', garment([40, 60, 190]), key, 1)) - hue(garment([40, 60, 190]))),
  );
  expect(moves.filter((move) => move > 30).length).toBeGreaterThan(20);
});

describe('movements', () => {
  it('leave a picture alone as the identity, and mirror it back when done twice', () => {
    const picture = garment([180, 40, 50]);
    expect(warp(picture, identity).data).toEqual(picture.data);
    const flip: Affine = [-1, 0, 0, 0, 1, 0];
    expect(compose(flip, flip)).toEqual(identity.map((value) => expect.closeTo(value, 12) as number));
    expect(warp(warp(picture, flip), flip).data).toEqual(picture.data);
  });

  it('compose in the order they are applied', () => {
    const [quarter, right]: Affine[] = [
      [0, -1, 0, 1, 0, 0],
      [1, 0, 0.5, 0, 1, 0],
    ];
    const picture = garment([180, 40, 50]);
    picture.data.fill(0, 0, SIZE * 3 * 4);
    expect(warp(picture, compose(quarter!, right!)).data).toEqual(warp(warp(picture, quarter!), right!).data);
  });
});

describe('policies', () => {
  it('switch off what would destroy an attribute, and say so', async () => {
    const { policy, switchedOff } = await resolvePolicy('strong', taxonomy('shape', 'colour'));
    expect(policy.map(({ transform }) => transform)).not.toContain('colour-space');
    expect(switchedOff.map(({ sentence }) => sentence).join()).toContain(
      'colour-space at 0.3 is switched off: it can destroy a1 (colour)',
    );
    const other = await resolvePolicy('strong', taxonomy('shape'));
    expect(other.policy.map(({ transform }) => transform)).toContain('colour-space');
    expect((await resolvePolicy('none', taxonomy('colour'))).policy).toEqual([]);
  });

  it('come from a file, or are refused by name', async () => {
    const folder = await folderWith();
    await writeFile(join(folder, 'p.yaml'), '- {transform: rotate, probability: 1, strength: 0.5}\n');
    expect((await resolvePolicy(join(folder, 'p.yaml'), taxonomy('shape'))).policy).toEqual([
      { transform: 'rotate', probability: 1, strength: 0.5 },
    ]);
    await writeFile(join(folder, 'q.yaml'), '- {transform: melt, probability: 1, strength: 0.5}\n');
    await expect(resolvePolicy(join(folder, 'q.yaml'), taxonomy('shape'))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    await expect(resolvePolicy('heavy', taxonomy('shape'))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('resample once, however many movements are drawn', () => {
    const picture = garment([180, 40, 50]);
    const there = { transform: 'flip', probability: 1, strength: 1 } as const;
    expect(augment(picture, [there, there], Random.of(1)).data).toEqual(picture.data);
  });
});
