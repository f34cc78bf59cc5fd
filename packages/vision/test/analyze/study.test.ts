import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeDataset } from '../../src/analyze/analyze.ts';
import { openDataset } from '../../src/data/open.ts';
import { sharedData } from '../support/shared-data.ts';

describe.skipIf(!sharedData)("the study's photos", () => {
  it("give the study's contingency table and test", async () => {
    const dataset = await openDataset({ source: join(sharedData!, 'hology'), verifyImages: false });
    const { pairs, photos, test_photos } = await analyzeDataset(dataset);
    expect({ photos, test_photos, pairs: pairs.length }).toEqual({ photos: 777, test_photos: 334, pairs: 1 });
    const pair = pairs[0]!;
    expect(pair.counts).toEqual([
      [80, 71, 103, 131, 91],
      [36, 54, 59, 103, 49],
    ]);
    expect(pair.row_labels).toEqual(['T-shirt', 'hoodie']);
    expect(pair.column_labels).toEqual(['red', 'yellow', 'blue', 'black', 'white']);
    expect(pair.statistic).toBeCloseTo(7.888437441816117, 9);
    expect(pair.p_value).toBeCloseTo(0.09575142561857845, 9);
    expect(pair.degrees_of_freedom).toBe(4);
  });
});
