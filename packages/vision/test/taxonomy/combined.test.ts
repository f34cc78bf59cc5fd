import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MISSING } from '../../src/data/dataset.ts';
import { garments } from '../../src/taxonomy/builtin.ts';
import { combine, combinedLabels, separate } from '../../src/taxonomy/combined.ts';

describe('the concatenated form', () => {
  it('numbers the combinations of type and colour, colours fastest', () => {
    expect(combine([0, 0], [2, 5])).toBe(0);
    expect(combine([0, 4], [2, 5])).toBe(4);
    expect(combine([1, 2], [2, 5])).toBe(7);
    expect(combine([1, MISSING], [2, 5])).toBe(MISSING);
    expect(separate(7, [2, 5])).toEqual([1, 2]);
    expect(separate(MISSING, [2, 5])).toEqual([MISSING, MISSING]);
  });

  it('names them', () => {
    expect(combinedLabels(garments)).toHaveLength(10);
    expect(combinedLabels(garments)[7]).toBe('hoodie blue');
    expect(combinedLabels(garments, 'id')[0]).toBe('kaos merah');
  });

  it('is one to one', () => {
    const classes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(classes, (counts) => {
        const total = counts.reduce((product, count) => product * count, 1);
        for (let combined = 0; combined < total; combined += 1) {
          const targets = separate(combined, counts);
          expect(targets.every((target, index) => target >= 0 && target < counts[index]!)).toBe(true);
          expect(combine(targets, counts)).toBe(combined);
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
