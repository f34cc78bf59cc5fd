/** @file Learning a few pictures by heart: a network that cannot has a fault in its gradients. */
import { adamW, compileTrainingStep, Random, tensor, type Tensor, type TrainingStep } from '@busana/engine';
import { trainingConfigSchema } from '@busana/contracts';
import { expect, onTestFinished } from 'vitest';
import { classifierOptions, classify } from '../../src/models/classifier.ts';
import { exactMatchRatio } from '../../src/evaluate/accuracy.ts';
import type { Attention } from '../../src/models/definition.ts';
import { headsLoss } from '../../src/train/loss.ts';

const BATCH = 8;
const SIZE = 64;
const heads = [
  { name: 'type', classes: 2 },
  { name: 'colour', classes: 4 },
];
/** A network that needs more does not learn. */
const MOST_STEPS = 60;
/** Every pair once. */
const labels = Array.from({ length: BATCH }, (_, index) => [index % 2, index >> 1]);
const targets = heads.map((_, head) =>
  tensor(
    'int64',
    [BATCH],
    BigInt64Array.from(labels, (photo) => BigInt(photo[head]!)),
  ),
);

export interface Learner {
  readonly model: string;
  /** Default none. */
  readonly attention?: Attention;
  /** Default 0.002. */
  readonly learningRate?: number;
}

async function training({ model, attention = 'none' }: Learner): Promise<TrainingStep> {
  const options = classifierOptions(trainingConfigSchema.parse({ model, attention, imageSize: SIZE }));
  const step = await compileTrainingStep({
    build(network) {
      const image = network.graph.input('image', 'uint8', [BATCH, SIZE, SIZE, 3]);
      const { logits } = classify(network, image, heads, options);
      const inputs = heads.map(({ name }) => network.graph.input(`target.${name}`, 'int64', [BATCH]));
      return {
        loss: headsLoss(network.graph, logits, inputs, { weights: [undefined, undefined], labelSmoothing: 0 }),
        outputs: Object.fromEntries(heads.map(({ name }, index) => [name, logits[index]!])),
      };
    },
    optimizer: adamW({ weightDecay: 0 }),
    seed: 1,
    session: { threads: 1 },
  });
  onTestFinished(() => step.release());
  return step;
}

function pictures(): Tensor {
  const random = Random.of('overfit');
  const image = tensor('uint8', [BATCH, SIZE, SIZE, 3]);
  for (let index = 0; index < image.data.length; index += 1) image.data[index] = random.integer(0, 255);
  return image;
}

/** From random start values: every parameter moves at the first step, and within 60 all eight pictures are known. */
export async function learnByHeart(learner: Learner): Promise<void> {
  const { learningRate = 2e-3 } = learner;
  const step = await training(learner);
  const feeds = {
    image: pictures(),
    ...Object.fromEntries(heads.map(({ name }, index) => [`target.${name}`, targets[index]!])),
  };
  const before = step.state();
  let last = await step.run(feeds, { learningRate });
  const still = [...step.parameters()].filter(([key, { data }]) => {
    const old = before.get(key)!.data;
    return data.every((value, index) => value === old[index]);
  });
  expect(still.map(([key]) => key)).toEqual([]);
  while (last.loss > 0.05 && step.steps < MOST_STEPS) last = await step.run(feeds, { learningRate });
  expect(last.loss).toBeLessThan(0.05);
  const logits = heads.map(({ name }) => Float32Array.from(last.outputs[name]!.data as Float32Array));
  expect(exactMatchRatio(labels, logits)).toBe(1);
}
