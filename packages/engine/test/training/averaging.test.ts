import { compileTrainingStep, sgd, type TensorMap } from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { batchOf, smallNetwork } from './small-network.ts';

const DECAY = 0.4;
const build = smallNetwork({ dropout: 0 });

const copied = (tensors: TensorMap): Map<string, Float32Array> =>
  new Map([...tensors].map(([name, { data }]) => [name, Float32Array.from(data as Float32Array)]));

describe('the moving average of parameters', () => {
  it('follows its recurrence, for running statistics too, and is part of the state', async () => {
    const step = await compileTrainingStep({ build, optimizer: sgd(), seed: 1, averaging: DECAY });
    let expected = new Map<string, Float32Array>();
    for (let t = 1; t <= 8; t += 1) {
      await step.run(batchOf(t), { learningRate: 0.1 });
      const decay = Math.min(DECAY, (t - 1) / (t + 8));
      expected = new Map(
        [...copied(step.parameters())].map(([name, now]) => [
          name,
          now.map((value, index) => decay * (expected.get(name)?.[index] ?? 0) + (1 - decay) * value),
        ]),
      );
    }
    const averaged = step.averagedParameters();
    for (const [name, values] of expected)
      expectClose(averaged.get(name)!, { shape: averaged.get(name)!.shape, data: values }, 1e-5, name);
    expect([...averaged.keys()].some((name) => name.endsWith('running_mean'))).toBe(true);
    const again = await compileTrainingStep({ build, optimizer: sgd(), seed: 2, averaging: DECAY });
    again.load(step.state());
    expect(copied(again.averagedParameters())).toEqual(copied(averaged));
    await step.release();
    await again.release();
  });

  it('is the parameters themselves where none is kept', async () => {
    const step = await compileTrainingStep({ build, optimizer: sgd(), seed: 1 });
    await step.run(batchOf(1), { learningRate: 0.1 });
    expect(copied(step.averagedParameters())).toEqual(copied(step.parameters()));
    await step.release();
  });
});
