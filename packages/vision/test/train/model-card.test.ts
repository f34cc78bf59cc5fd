import { trainingConfigSchema } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { garments } from '../../src/taxonomy/builtin.ts';
import { modelCard } from '../../src/train/model-card.ts';

const card = (settings: Record<string, unknown>): string =>
  modelCard({
    name: 'first',
    config: trainingConfigSchema.parse(settings),
    taxonomy: garments,
    photos: 777,
    fingerprint: 'abc',
    metrics: undefined,
    evaluation: 'Nothing was held back.',
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
});
