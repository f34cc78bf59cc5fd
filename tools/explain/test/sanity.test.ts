import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { shippedModel } from '../../../packages/vision/src/artifact/shipped.ts';
import { heatOf } from '../../../packages/vision/src/explain/heat.ts';
import { methods } from '../../../packages/vision/src/explain/methods/table.ts';
import { targetsOf } from '../../../packages/vision/src/explain/target.ts';
import { takePhoto } from '../../../packages/vision/src/wardrobe/photo.ts';
import { randomised } from '../randomised.ts';
import { rankCorrelation } from '../rank-correlation.ts';

const settings = { samples: 120, masking: 'blur', seed: 0, background: () => Promise.resolve([]) } as const;

it.each(['gradcam', 'partition'] as const)(
  '%s explains something else when the weights are drawn anew',
  async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'busana-test-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const shipped = (await shippedModel())!;
    const spoilt = join(folder, 'randomised.onnx');
    await writeFile(spoilt, await randomised(shipped, 0));
    const [model, other] = [await methods[name].open(shipped, settings), await methods[name].open(spoilt, settings)];
    const correlations: number[] = [];
    for (const type of ['T-shirt', 'hoodie'] as const) {
      const { data: picture } = await takePhoto({ type, colour: 'red' }, model.subject.size, ['sanity', type]);
      const targets = targetsOf(model.subject, {}, await model.subject.answer(picture, 1));
      const [right, wrong] = [await model.explain({ picture, targets }), await other.explain({ picture, targets })];
      right.forEach((attribution, at) => {
        // With their signs: that a plain ground matters little is true of every model, whatever its weights.
        correlations.push(rankCorrelation(heatOf(attribution), heatOf(wrong[at]!)));
      });
    }
    await model.release();
    await other.release();
    expect(correlations.reduce((sum, value) => sum + value, 0) / correlations.length).toBeLessThan(0.3);
  },
);

it('ranks as Spearman does', () => {
  // scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])
  expect(rankCorrelation([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826816681233, 12);
  expect(rankCorrelation([1, 2, 3], [4, 4, 4])).toBe(0);
});
