import { trainingConfigSchema } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { garments } from '../../src/taxonomy/builtin.ts';
import { computeMetrics } from '../../src/evaluate/metrics.ts';
import { modelCard, type ModelCardContent } from '../../src/train/model-card.ts';

const card = (settings: Record<string, unknown>, more: Partial<ModelCardContent> = {}): string =>
  modelCard({
    name: 'first',
    config: trainingConfigSchema.parse(settings),
    taxonomy: garments,
    photos: 777,
    fingerprint: 'abc',
    metrics: undefined,
    thresholds: { accept: 0.9 },
    evaluation: 'Nothing was held back.',
    ...more,
  });

describe('a model card', () => {
  it('says that nothing was there before, where that is so', () => {
    expect(card({})).toContain('Trained from scratch.');
    expect(card({})).not.toContain('pretrained weights');
  });

  it('names the weights it started from without their folder, what was trained, and whose licence lives on', () => {
    const tuned = card({ model: 'efficientnet_lite0', weights: 'somewhere/lite0.pth' });
    expect(tuned).toContain('started from the weights lite0.pth; all of it was fine-tuned.');
    expect(tuned).not.toContain('somewhere');
    expect(tuned).toContain('are under Apache-2.0 (Google).');
    const frozen = card({ model: 'efficientnet_lite0', weights: 'lite0.pth', freeze: true });
    expect(frozen).toContain('the heads alone were trained.');
  });

  it('says what was measured: with intervals, by class, and what was taken for what', () => {
    // Of three red hoodies one is read as a T-shirt, one as yellow; the white T-shirt is right.
    const types = [[0.2, 0.8], [0.6, 0.4], [0.1, 0.9], [0.9, 0.1]]; // prettier-ignore
    const colours = [[0.9, 0.1, 0, 0, 0], [0.9, 0.1, 0, 0, 0], [0.3, 0.7, 0, 0, 0], [0, 0, 0, 0, 1]]; // prettier-ignore
    const metrics = computeMetrics({
      taxonomy: garments,
      targets: [[1, 0], [1, 0], [1, 0], [0, 4]], // prettier-ignore
      probabilities: [Float32Array.from(types.flat()), Float32Array.from(colours.flat())],
    });
    const thresholds = { accept: 0.72, coverage: 0.5, emr: 1 };
    const text = card({}, { metrics, thresholds });
    expect(text).toContain('- EMR 0.5000 (95 % interval 0.1500 to 0.8500, 4 photos)');
    expect(text).toContain('- jenis: accuracy 0.7500 (95 % interval 0.3006 to 0.9544), macro F1 0.7333');
    expect(text).toContain('from a joint confidence of 0.720 on: 50.0 % of these photos, of which 100.0 % were right');
    // Of four photos two are wrong; the two that are accepted are right.
    expect(text).toContain('below 0.720 is marked for review: 50.0 % of the photos above, among them 2 of the 2 that');
    expect(text).toContain('| hoodie | 3 | 1.0000 | 0.6667 | T-shirt 1 |');
    expect(text).toContain('| red | 3 | 1.0000 | 0.6667 | yellow 1 |');
    expect(text).toContain('| white | 1 | 1.0000 | 1.0000 |  |');
  });

  it('says what is marked unknown or for review, and what that was measured on', () => {
    const familiarity = { version: 1, method: 'class-means', width: 1, means: 'AACAPw==', threshold: 0.32 } as const;
    const held = card({}, { familiarity: { ...familiarity, set_on: { photos: 777, kind: 'held-out' } } });
    expect(held).toContain(
      'farther than 0.320 (1 - cosine) from the mean of every class: 99 % of 777 held-back photos',
    );
    expect(held).not.toContain('answers every photo');
    const assumed = card({}, { familiarity: { ...familiarity, set_on: { photos: 500, kind: 'training' } } });
    expect(assumed).toContain('set on 500 photos it was trained on, with a margin assumed');
    expect(card({})).toContain('answers every photo with one of the values above, also a photo of something else.');
    expect(card({})).toContain('below 0.900 is marked for review; this was not measured.');
    expect(card({})).toContain('whose pixels speak for another colour');
    const plain = { attributes: garments.attributes.map((one) => ({ ...one, kind: 'other' as const })) };
    expect(card({}, { taxonomy: { ...garments, ...plain } })).not.toContain('pixels');
  });
});
