import { adamW, compileTrainingStep, Random, tensor } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { normalisations } from '../../src/image/tensor.ts';
import { classify } from '../../src/models/classifier.ts';
import { countParameters, describeArchitectures } from '../../src/models/describe.ts';
import { architectureNamed, architectures } from '../../src/models/registry.ts';
import type { ApproachPlan } from '../../src/train/approach.ts';
import { headsLoss } from '../../src/train/loss.ts';

/** One head over the thousand classes that published counts are for. */
const imageNet: ApproachPlan = {
  approach: 'multi-output',
  classes: [1000],
  networks: [{ name: 'network0', heads: [{ name: 'label', classes: 1000 }], headTargets: (targets) => [...targets] }],
};

describe('architectures', () => {
  // torchvision's published counts with 1,000 classes.
  it.each([
    ['resnet18', 11_689_512],
    ['resnet34', 21_797_672],
    ['resnet50', 25_557_032],
    ['resnet101', 44_549_160],
  ])('%s has the original number of parameters', (name, parameters) => {
    expect(countParameters(name, imageNet, 224)).toBe(parameters);
  });

  it('lists every architecture with figures of its own', () => {
    expect(describeArchitectures().map(({ name }) => name)).toEqual(architectures.map(({ name }) => name));
    expect(() => architectureNamed('resnet51')).toThrow(/resnet51/);
  });

  it.each(['cnn', 'resnet18'])('%s learns eight random pictures by heart, every parameter moving', async (name) => {
    const [batch, size] = [8, 64];
    const heads = [{ name: 'label', classes: 4 }];
    const step = await compileTrainingStep({
      build(network) {
        const image = network.graph.input('image', 'uint8', [batch, size, size, 3]);
        const architecture = architectureNamed(name);
        const normalisation = normalisations['zero-one'];
        const { logits } = classify(network, image, {
          architecture,
          heads,
          imageSize: size,
          normalisation,
          dropout: 0,
        });
        const target = network.graph.input('target', 'int64', [batch]);
        return {
          loss: headsLoss(network.graph, logits, [target], { weights: [undefined], labelSmoothing: 0 }),
          outputs: { logits: logits[0]! },
        };
      },
      optimizer: adamW({ weightDecay: 0 }),
      seed: 1,
      session: { threads: 1 },
    });
    const random = Random.of('overfit');
    const image = tensor('uint8', [batch, size, size, 3]);
    for (let index = 0; index < image.data.length; index += 1) image.data[index] = random.integer(0, 255);
    const labels = Array.from({ length: batch }, (_, index) => index % 4);
    const target = tensor('int64', [batch], BigInt64Array.from(labels, BigInt));
    const before = step.state();
    let last = await step.run({ image, target }, { learningRate: 2e-3 });
    const still = [...step.parameters()].filter(([key, { data }]) => {
      const old = before.get(key)!.data as Float32Array;
      return (data as Float32Array).every((value, index) => value === old[index]);
    });
    expect(still.map(([key]) => key)).toEqual([]);
    for (let count = 0; count < 25; count += 1) last = await step.run({ image, target }, { learningRate: 2e-3 });
    const logits = last.outputs['logits']!.data as Float32Array;
    const predicted = labels.map((_, row) => {
      const scores = Array.from(logits.subarray(row * 4, row * 4 + 4));
      return scores.indexOf(Math.max(...scores));
    });
    expect(predicted).toEqual(labels);
    expect(last.loss).toBeLessThan(0.2);
    await step.release();
  });
});
