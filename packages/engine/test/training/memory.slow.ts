import {
  adamW,
  compileTrainingStep,
  dropout,
  floats,
  linear,
  Random,
  relu,
  softmaxCrossEntropy,
  tensor,
} from '@busana/engine';
import { expect, it } from 'vitest';

const [BATCH, WIDTH, CLASSES] = [16, 1000, 10];
const MEBIBYTE = 2 ** 20;

it('memory does not grow over 200 steps', async () => {
  const step = await compileTrainingStep({
    build(network) {
      const x = network.graph.input('x', 'float32', [BATCH, WIDTH]);
      const hidden = dropout(network, 'drop', relu(network, linear(network, 'hidden', x, WIDTH)), 0.5);
      const targets = network.graph.input('targets', 'int64', [BATCH]);
      return { loss: softmaxCrossEntropy(network.graph, linear(network, 'output', hidden, CLASSES), targets) };
    },
    optimizer: adamW(),
    seed: 1,
  });
  const random = Random.of(1);
  const x = floats(
    [BATCH, WIDTH],
    Array.from({ length: BATCH * WIDTH }, () => random.normal()),
  );
  const targets = tensor('int64', [BATCH]);
  const residentAfter = async (steps: number): Promise<number> => {
    for (let i = 0; i < steps; i += 1) await step.run({ x, targets }, { learningRate: 1e-4 });
    return process.memoryUsage().rss / MEBIBYTE;
  };
  // The runtime's arena takes its final size in the first steps.
  const before = await residentAfter(20);
  const after = await residentAfter(200);
  await step.release();
  // One set of parameters and moments is 12 MiB: keeping it at each step would take 2,400.
  expect(after - before).toBeLessThan(50);
});
