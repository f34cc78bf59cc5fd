/** @file Every architecture of the registry, at its own size or a smaller one that it takes. */
import { describe, expect, it } from 'vitest';
import { architectures } from '../../src/models/registry.ts';
import { expectExplanations, gradientError, randomModel } from './zoo.ts';

describe.each(architectures.map(({ name, learntTokens }) => ({ name, learntTokens })))(
  '$name',
  ({ name, learntTokens }) => {
    it('is differentiated through its file, and explained by every method', async () => {
      const { file, bytes } = await randomModel({ model: name, imageSize: 64 });
      expect(await gradientError(bytes, 64)).toBeLessThan(0.03);
      const looks = learntTokens === undefined ? [] : (['rollout'] as const);
      await expectExplanations(file, 64, ['gradcam', 'gradcam++', 'shap', 'partition', 'occlusion', ...looks]);
    });
  },
);
