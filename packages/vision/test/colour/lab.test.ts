import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { difference, hexOf, labAt, labOf, labPixels, rgbOf, type Lab } from '../../src/colour/lab.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const fixture = z
  .object({ rgb: z.array(triple), lab: z.array(triple) })
  .parse(JSON.parse(await readFile(new URL('../fixtures/colour/lab.json', import.meta.url), 'utf8')));

/** Table 1 of Sharma, Wu and Dalal 2005: both colours, and their difference to four digits. */
const sharma = `
50 2.6772 -79.7751 50 0 -82.7485 2.0425
50 3.1571 -77.2803 50 0 -82.7485 2.8615
50 2.8361 -74.0200 50 0 -82.7485 3.4412
50 -1.3802 -84.2814 50 0 -82.7485 1.0000
50 -1.1848 -84.8006 50 0 -82.7485 1.0000
50 -0.9009 -85.5211 50 0 -82.7485 1.0000
50 0 0 50 -1 2 2.3669
50 -1 2 50 0 0 2.3669
50 2.4900 -0.0010 50 -2.4900 0.0009 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0010 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0011 7.2195
50 2.4900 -0.0010 50 -2.4900 0.0012 7.2195
50 -0.0010 2.4900 50 0.0009 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0010 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0011 -2.4900 4.7461
50 2.5 0 50 0 -2.5 4.3065
50 2.5 0 73 25 -18 27.1492
50 2.5 0 61 -5 29 22.8977
50 2.5 0 56 -27 -3 31.9030
50 2.5 0 58 24 15 19.4535
50 2.5 0 50 3.1736 0.5854 1.0000
50 2.5 0 50 3.2972 0 1.0000
50 2.5 0 50 1.8634 0.5757 1.0000
50 2.5 0 50 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
`
  .trim()
  .split('\n')
  .map((line) => line.split(' ').map(Number));

const byte = fc.integer({ min: 0, max: 255 });

describe('CIELAB', () => {
  it('is what colour-science says', () => {
    const found = labPixels(fixture.rgb.flat());
    const worst = Math.max(...fixture.lab.flat().map((value, at) => Math.abs(value - found[at]!)));
    // The reference's matrix is derived from rounded primaries; float32 has seven digits.
    expect(worst).toBeLessThan(2e-3);
    expect(fixture.rgb).toHaveLength(96);
  });

  it('comes back to the same bytes for every colour of sRGB', () => {
    fc.assert(
      fc.property(byte, byte, byte, (r, g, b) => {
        expect(rgbOf(labOf([r, g, b]))).toEqual([r, g, b]);
      }),
    );
  });

  it('has neutral greys, from black at 0 to white at 100', () => {
    fc.assert(
      fc.property(byte, (grey) => {
        const { l, a, b } = labOf([grey, grey, grey]);
        expect(Math.hypot(a, b)).toBeLessThan(1e-4);
        expect(l).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(labOf([0, 0, 0]).l).toBeCloseTo(0, 5);
    expect(labOf([255, 255, 255]).l).toBeCloseTo(100, 4);
    expect(hexOf(labAt(labPixels([1, 2, 3, 250, 128, 7]), 1))).toBe('#fa8007');
  });
});

describe('the difference of two colours', () => {
  it.each(sharma)('is that of the published pair %#', (l1, a1, b1, l2, a2, b2, expected) => {
    const [first, second]: Lab[] = [
      { l: l1, a: a1, b: b1 },
      { l: l2, a: a2, b: b2 },
    ];
    expect(difference(first!, second!)).toBeCloseTo(expected, 4);
    expect(difference(second!, first!)).toBeCloseTo(expected, 4);
  });
});
