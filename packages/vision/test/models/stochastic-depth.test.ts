import {
  compileTrainingStep,
  floats,
  Graph,
  Network,
  Random,
  sgd,
  stochasticDepth,
  type TrainingStep,
} from '@busana/engine';
import { describe, expect, it, onTestFinished } from 'vitest';
import { architectureNamed } from '../../src/models/registry.ts';

const BATCH = 4;
const PHOTOS = 64;

/** The probabilities that an architecture skips its blocks with, in their order, read off the masks it draws. */
function skippingOf(model: string, rate: number, training = true): number[] {
  const network = new Network(new Graph(), { training });
  const imageSize = 64;
  const image = network.graph.input('image', 'float32', [BATCH, 3, imageSize, imageSize]);
  architectureNamed(model).backbone(network, image, { imageSize, stochasticDepth: rate, attention: 'none' });
  return [...network.noises.values()].map(({ value, draw }) => {
    expect(value.shape).toEqual([BATCH, 1, 1, 1].slice(0, value.shape.length));
    const random = Random.of('kept');
    const kept = Math.max(...Array.from({ length: 50 }, () => draw(random)));
    return 1 - 1 / kept;
  });
}

describe('stochastic depth in the architectures', () => {
  it('skips the first block never and the last with the rate, in equal steps between', () => {
    const skipping = skippingOf('resnet18', 0.35);
    // Eight blocks; the first has no mask.
    expect(skipping).toHaveLength(7);
    for (const [index, probability] of skipping.entries()) expect(probability).toBeCloseTo(0.05 * (index + 1), 6);
  });

  it('skips both branches of a transformer block, and those blocks of a MobileNet that have a shortcut', () => {
    const deit = skippingOf('deit_tiny', 0.22);
    expect(deit).toHaveLength(22);
    for (const [index, probability] of deit.entries()) {
      expect(probability).toBeCloseTo(0.02 * (Math.floor(index / 2) + 1), 6);
    }
    expect(skippingOf('mobilenet_v2', 0.2)).toHaveLength(10);
    expect(skippingOf('efficientnet_lite0', 0.2)).toHaveLength(9);
  });

  it('is not there at the rate 0, nor in evaluation', () => {
    expect(skippingOf('resnet18', 0)).toEqual([]);
    expect(skippingOf('resnet18', 0.3, false)).toEqual([]);
  });
});

/** A step whose output is pictures of ones after stochastic depth. */
async function dropping(probability: number, seed: number): Promise<TrainingStep> {
  const step = await compileTrainingStep({
    build(network) {
      const { graph } = network;
      const x = graph.input('x', 'float32', [PHOTOS, 2, 3]);
      const weight = network.parameter('weight', [], () => 1);
      const y = stochasticDepth(network, 'skip', graph.op('Mul', [x, weight]), probability);
      return { loss: graph.op('ReduceMean', [y], { keepdims: 0 }), outputs: { y } };
    },
    optimizer: sgd(),
    seed,
  });
  onTestFinished(() => step.release());
  return step;
}

async function masksOf(step: TrainingStep, steps: number): Promise<number[][]> {
  const x = floats([PHOTOS, 2, 3], new Float32Array(PHOTOS * 6).fill(1));
  const masks: number[][] = [];
  for (let count = 0; count < steps; count += 1) {
    const { outputs } = await step.run({ x }, { learningRate: 0 });
    masks.push(Array.from(outputs['y']!.data, Number));
  }
  return masks;
}

describe('stochastic depth', () => {
  it('drops whole photos, keeps the mean, and is another at each step', async () => {
    const probability = 0.3;
    const masks = await masksOf(await dropping(probability, 1), 100);
    for (const mask of masks) {
      for (let photo = 0; photo < PHOTOS; photo += 1) {
        const values = new Set(mask.slice(photo * 6, photo * 6 + 6));
        expect(values.size).toBe(1);
        const [value] = values;
        expect(value === 0 || Math.abs(value! - 1 / (1 - probability)) < 1e-6).toBe(true);
      }
    }
    const means = masks.map((mask) => mask.reduce((sum, value) => sum + value, 0) / mask.length);
    const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
    // Deviation of the mean of 6,400 draws: sqrt(0.3 / 0.7 / 6400) = 0.0082.
    expect(Math.abs(mean - 1)).toBeLessThan(0.033);
    expect(masks[0]).not.toEqual(masks[1]);
  });

  it('is the same for the same seed and the identity at the rate 0', async () => {
    const [a, b, c] = [await dropping(0.5, 1), await dropping(0.5, 1), await dropping(0.5, 2)];
    const first = await masksOf(a, 3);
    expect(await masksOf(b, 3)).toEqual(first);
    expect(await masksOf(c, 3)).not.toEqual(first);
    const [same] = await masksOf(await dropping(0, 1), 1);
    expect(new Set(same)).toEqual(new Set([1]));
  });
});
