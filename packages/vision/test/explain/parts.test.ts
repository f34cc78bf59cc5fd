/** @file The small parts of explanations: points of paths, curves, masks, banners, inpainting, files. */
import { Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { findBanners } from '../../src/explain/banner.ts';
import { areaUnder, deletionCurve, insertionCurve } from '../../src/explain/faithfulness.ts';
import { meanOverSquares } from '../../src/explain/heat.ts';
import { inpaint } from '../../src/explain/inpaint.ts';
import { enlargeMap, mirroredMap } from '../../src/explain/maps.ts';
import { encodeNpy } from '../../src/explain/npy.ts';
import { drawPoints } from '../../src/explain/paths.ts';

const size = 40;
type Colour = readonly [number, number, number];
type Draw = (row: number, column: number) => Colour;

function drawing(draw: Draw) {
  const data = new Uint8Array(size * size * 3);
  for (let at = 0; at < size * size; at += 1) data.set(draw(Math.floor(at / size), at % size), at * 3);
  return { width: size, height: size, data };
}

const isGarment = (row: number, column: number): boolean => row >= 10 && row < 34 && column >= 8 && column < 30;

describe('points of paths', () => {
  it('have a mean that does not depend on where most of them are', () => {
    const paths = [Array.from({ length: 13 }, (_, at) => Math.tanh(at - 8)), Array.from({ length: 13 }, () => 0.2)];
    const means = [0, 1, 2].map((power) => {
      const points = drawPoints(paths, 20_000, Random.of('points', power));
      return points.reduce((sum, { share, weight }) => sum + weight * share ** power, 0) / points.length;
    });
    expect(means[0]).toBeCloseTo(1, 2);
    expect(means[1]).toBeCloseTo(1 / 2, 2);
    expect(means[2]).toBeCloseTo(1 / 3, 2);
  });

  it('are many where the output changes', () => {
    const step = [Array.from({ length: 13 }, (_, at) => (at < 7 ? 0 : 1))];
    const points = drawPoints(step, 400, Random.of('points'));
    const near = points.filter(({ share }) => share >= 0.5 && share <= 0.59);
    expect(near.length).toBeGreaterThan(300);
  });
});

describe('deletion and insertion', () => {
  it('measure how soon a model that looks at ten pixels loses them', async () => {
    const looked = Array.from({ length: 10 }, (_, at) => at * 82);
    const picture = drawing((row, column) => [(row * 6) % 256, (row + column) % 2 === 0 ? 255 : 0, column * 6]).data;
    const answer = (pictures: Uint8Array, count: number) => {
      const scores = Float32Array.from({ length: count }, (_, photo) => {
        const at = (pixel: number): number => photo * size * size * 3 + pixel * 3 + 1;
        return looked.filter((pixel) => pictures[at(pixel)] === 255).length / looked.length;
      });
      return Promise.resolve({ score: scores });
    };
    const target = { attribute: 'score', classes: 1, index: 0, code: '0', label: '0' };
    const right = new Float32Array(size * size);
    for (const pixel of looked) right[pixel] = 1;
    const subject = { answer, size };
    const wrong = right.map((value) => -value);
    const areas = await Promise.all([
      deletionCurve({ subject, picture, target, importance: right }),
      deletionCurve({ subject, picture, target, importance: wrong }),
      insertionCurve({ subject, picture, target, importance: right }),
      insertionCurve({ subject, picture, target, importance: wrong }),
    ]);
    // All ten are changed in the first of 28 steps, or in the last one: half a step's worth of area.
    [1 / 56, 1 - 1 / 56, 1 - 1 / 56, 1 / 56].forEach((area, at) => expect(areas[at]!.area).toBeCloseTo(area, 6));
  });

  it('are areas by trapezoids', () => {
    expect(areaUnder([1, 0])).toBe(0.5);
    expect(areaUnder([1, 1, 0, 0, 0])).toBeCloseTo(0.375, 12);
  });
});

describe('banners', () => {
  it('are strips that end in a straight edge across the photo', () => {
    const draw: Draw = (row, column) => {
      if (row >= 33) return column % 5 === 0 ? [255, 255, 255] : [200, 30, 30];
      return isGarment(row, column) ? [30, 40, 90] : [240, 240, 240];
    };
    const mask = findBanners(drawing(draw))!;
    const rows = new Set(
      Array.from(mask.keys())
        .filter((at) => mask[at] === 1)
        .map((at) => Math.floor(at / size)),
    );
    expect([...rows].sort((a, b) => a - b)).toEqual([33, 34, 35, 36, 37, 38, 39]);
  });

  it('are none where only a garment is', () => {
    expect(
      findBanners(drawing((row, column) => (isGarment(row, column) ? [30, 40, 90] : [240, 240, 240]))),
    ).toBeUndefined();
  });
});

describe('inpainting', () => {
  const slope = drawing((row, column) => [3 * row + column, 2 * row + 3 * column, 100]);
  const hole = new Uint8Array(size * size).map((_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    return row >= 12 && row < 24 && column >= 14 && column < 26 ? 1 : 0;
  });

  it('goes on with what is around, and leaves the rest alone', () => {
    const painted = inpaint(
      slope.data.map((value, at) => (hole[Math.floor(at / 3)] === 1 ? 255 : value)),
      hole,
      size,
    );
    const apart = painted.map((value, at) => Math.abs(value - slope.data[at]!));
    expect(apart.filter((_, at) => hole[Math.floor(at / 3)] === 0).every((value) => value === 0)).toBe(true);
    const inside = apart.filter((_, at) => hole[Math.floor(at / 3)] === 1);
    expect(Math.max(...inside)).toBeLessThan(20);
    expect(inside.reduce((sum, value) => sum + value, 0) / inside.length).toBeLessThan(5);
  });

  it('gives the mean where nothing is known', () => {
    const mean = inpaint(slope.data, new Uint8Array(size * size).fill(1), size);
    expect([...mean.subarray(0, 3)]).toEqual([78, 98, 100]);
  });
});

describe('maps', () => {
  it('are means over squares, the last of which may be smaller', () => {
    const means = meanOverSquares(Float32Array.of(1, 3, 8, 5, 7, 2, 6, 4, 9), 3, 2);
    expect(Array.from(means)).toEqual([4, 4, 5, 4, 4, 5, 5, 5, 9]);
  });

  it('are enlarged around the middles of their places', () => {
    const enlarged = enlargeMap({ height: 2, width: 2, values: Float64Array.of(0, 1, 0, 1) }, 4);
    expect(Array.from(enlarged.subarray(0, 4))).toEqual([0, 0.25, 0.75, 1]);
    const { values } = mirroredMap({ height: 2, width: 3, values: Float64Array.of(1, 2, 3, 4, 5, 6) });
    expect(Array.from(values)).toEqual([3, 2, 1, 6, 5, 4]);
  });
});

describe('NumPy files', () => {
  it('are byte for byte what numpy.save writes', () => {
    const header =
      "\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 3), }".padEnd(127) + '\n';
    const file = Buffer.from(encodeNpy(Float32Array.of(0, 1, 2, 3, 4, -0.5), [2, 1, 3]));
    expect(file.subarray(0, 128).toString('latin1')).toBe(header);
    expect(file.subarray(128).toString('hex')).toBe('000000000000803f0000004000004040000080400000' + '00bf');
  });
});
