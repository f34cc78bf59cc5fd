import { describe, expect, it } from 'vitest';
import { methods } from '../../src/explain/methods/table.ts';
import { expectExplanations, gradientError, randomModel, settings } from './zoo.ts';

const family = [
  { model: 'cnn', imageSize: 64 },
  { model: 'resnet18', imageSize: 64, attention: 'se' },
  { model: 'mobilenet_v2', imageSize: 64, mirror: true },
  { model: 'efficientnet_lite0', imageSize: 64 },
  { model: 'yolo11n-cls', imageSize: 64 },
  { model: 'deit_tiny_patch16_224', imageSize: 64, mirror: true },
  { model: 'deit_tiny_distilled_patch16_224', imageSize: 64 },
] as const;

describe.each(family)('$model', (config) => {
  it('is differentiated through its file, and explained by every method', async () => {
    const { file, bytes } = await randomModel(config);
    expect(await gradientError(bytes, config.imageSize)).toBeLessThan(0.03);
    const looks = config.model.startsWith('deit') ? (['rollout'] as const) : [];
    await expectExplanations(file, config.imageSize, ['gradcam', 'gradcam++', 'shap', 'partition', ...looks]);
  });
});

describe('rollout', () => {
  it('is refused for what is no transformer, saying what else there is', async () => {
    const { file } = await randomModel({ model: 'cnn', imageSize: 32 });
    await expect(methods.rollout.open(file, settings)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      remedy: expect.stringContaining('gradcam') as string,
    });
  });
});
