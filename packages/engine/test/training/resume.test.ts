import { adamW, bytesOf, compileTrainingStep, sgd, tensor, type Tensor, type TensorMap } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { smallNetwork, batchOf } from './small-network.ts';

const compile = (seed: number | string = 3) =>
  compileTrainingStep({ build: smallNetwork({ dropout: 0.4 }), optimizer: adamW({ weightDecay: 0.1 }), seed });

async function run(step: Awaited<ReturnType<typeof compile>>, from: number, to: number): Promise<number[]> {
  const losses: number[] = [];
  for (let i = from; i < to; i += 1) losses.push((await step.run(batchOf(i), { learningRate: 0.01 })).loss);
  return losses;
}

function bitsOf(tensors: TensorMap): Record<string, string> {
  return Object.fromEntries([...tensors].map(([name, values]) => [name, Buffer.from(bytesOf(values)).toString('hex')]));
}

describe('saving and resuming', () => {
  it('continues bit for bit as if nothing had happened', async () => {
    const [whole, first, second] = [await compile(), await compile(), await compile()];
    const losses = await run(whole, 0, 6);
    expect(await run(first, 0, 3)).toEqual(losses.slice(0, 3));
    const state = first.state();
    // What was saved is a copy: later steps do not reach it. Two, for there are two sets of buffers.
    await run(first, 3, 5);
    second.load(state);
    expect(second.steps).toBe(3);
    expect(await run(second, 3, 6)).toEqual(losses.slice(3));
    expect(bitsOf(second.state())).toEqual(bitsOf(whole.state()));
    for (const step of [whole, first, second]) await step.release();
  });

  it('repeats itself with the same seed and differs with another', async () => {
    const [one, same, other] = [await compile('a'), await compile('a'), await compile('b')];
    const losses = await run(one, 0, 3);
    expect(await run(same, 0, 3)).toEqual(losses);
    expect(await run(other, 0, 3)).not.toEqual(losses);
    for (const step of [one, same, other]) await step.release();
  });

  it('draws other masks at another step', async () => {
    const step = await compile();
    const [first, second] = [await run(step, 0, 1), await run(step, 0, 1)];
    const still = await compileTrainingStep({
      build: smallNetwork({ dropout: 0.4 }),
      optimizer: sgd(),
      seed: 3,
    });
    const losses: number[] = [];
    for (let i = 0; i < 3; i += 1) losses.push((await still.run(batchOf(0), { learningRate: 0 })).loss);
    expect(losses[0]).toBe(first[0]);
    expect(new Set(losses).size).toBe(3);
    expect(second).not.toEqual(first);
    for (const each of [step, still]) await each.release();
  });

  it('refuses a state of another network or optimizer, and stays as it was', async () => {
    const step = await compile();
    const before = bitsOf(step.state());
    const change = (edit: (state: Map<string, Tensor>) => void): TensorMap => {
      const state = new Map(step.state());
      edit(state);
      return state;
    };
    const without = change((state) => state.delete('head.bias'));
    const other = change((state) => state.set('head.bias', tensor('float32', [7])));
    const more = change((state) => state.set('tail.bias', tensor('float32', [7])));
    expect(() => step.load(without)).toThrow("no numbers for 'head.bias'");
    expect(() => step.load(other)).toThrow("'head.bias' is float32 [3], not float32 [7]");
    expect(() => step.load(more)).toThrow('tail.bias');
    expect(bitsOf(step.state())).toEqual(before);
    await step.release();
  });
});
