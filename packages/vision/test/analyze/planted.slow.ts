/**
 * @file Wrong labels planted among the competition's training photos are found: of 5 % of the photos, one label each. The
 * backbone is one of ImageNet, which has never seen these labels; nothing was tuned to these photos. Figures are in
 * `results/2026-11-25-analysis.md`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeDataset } from '../../src/analyze/analyze.ts';
import { openDataset } from '../../src/data/open.ts';
import { plantErrors } from '../support/planted.ts';
import { sharedData } from '../support/shared-data.ts';

const weights = join(sharedData ?? '', '..', 'models', 'efficientnet-lite0.pth');

describe.skipIf(sharedData === undefined || !existsSync(weights))('planted label errors', () => {
  it.each([0, 1, 2])('with seed %i are at least 24 of the 40 most suspicious labels', async (seed) => {
    const opened = await openDataset({ source: join(sharedData!, 'hology'), verifyImages: false });
    const { dataset, errors } = plantErrors({ ...opened, test: [] }, 0.05, seed);
    const { embeddings } = await analyzeDataset(dataset, { backbone: { model: 'efficientnet_lite0', weights } });
    const suspicions = embeddings!.labels!.suspicions.map(({ photo, attribute }) => `${photo.name} ${attribute}`);
    const planted = (first: number): number => suspicions.slice(0, first).filter((one) => errors.has(one)).length;
    console.log(
      `seed ${seed}: ${errors.size} planted; ${planted(20)} of the first 20, ${planted(40)} of the first 40, ${planted(Infinity)} of ${suspicions.length} suspicions`,
    );
    expect(errors.size).toBe(39);
    expect(planted(40)).toBeGreaterThanOrEqual(24);
  });
});
