import {
  adamW,
  bytesOf,
  clipByGlobalNorm,
  compileTrainingStep,
  dropout,
  linear,
  relu,
  sgd,
  softmaxCrossEntropy,
  tensor,
  type Network,
  type Optimizer,
  type Tensor,
  type TensorMap,
  type TrainingStep,
  type Value,
} from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { BATCH, batchOf, smallNetwork } from './small-network.ts';

const ROWS = 2;
const PASSES = BATCH / ROWS;
const RATE = { learningRate: 0.05 };

/** Without batch norm, whose statistics are those of a pass. */
function perceptron(rows: number, probability = 0): (network: Network) => { loss: Value } {
  return (network) => {
    const { graph } = network;
    const x = graph.op('Flatten', [graph.input('x', 'float32', [rows, 2, 6, 6])], { axis: 1 });
    const hidden = dropout(network, 'drop', relu(network, linear(network, 'hidden', x, 8)), probability);
    const targets = graph.input('targets', 'int64', [rows]);
    return { loss: softmaxCrossEntropy(graph, linear(network, 'head', hidden, 3), targets) };
  };
}

type Batch = ReturnType<typeof batchOf>;

function microBatch({ x, targets }: Batch, pass: number): { x: Tensor; targets: Tensor } {
  const length = x.data.length / PASSES;
  return {
    x: tensor('float32', [ROWS, 2, 6, 6], (x.data as Float32Array).slice(pass * length, (pass + 1) * length)),
    targets: tensor('int64', [ROWS], (targets.data as BigInt64Array).slice(pass * ROWS, (pass + 1) * ROWS)),
  };
}

/** Passes `from` to `to`, counted over all batches. */
async function runPasses(step: TrainingStep, from: number, to: number): Promise<number[]> {
  const losses: number[] = [];
  for (let pass = from; pass < to; pass += 1) {
    const feeds = microBatch(batchOf(Math.floor(pass / PASSES)), pass % PASSES);
    const update = pass % PASSES === PASSES - 1;
    losses.push((await step.run(feeds, { ...RATE, update, share: 1 / PASSES })).loss);
  }
  return losses;
}

const bitsOf = (tensors: TensorMap): Record<string, string> =>
  Object.fromEntries([...tensors].map(([name, values]) => [name, Buffer.from(bytesOf(values)).toString('hex')]));

const optimizers: readonly [string, Optimizer][] = [
  ['sgd with momentum', sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01 })],
  ['adamw with clipping', [clipByGlobalNorm(0.3), ...adamW({ weightDecay: 0.1 })]],
];

describe('a batch in several passes', () => {
  it.each(optimizers)('is the whole batch, with %s', async (_, optimizer) => {
    const whole = await compileTrainingStep({ build: perceptron(BATCH), optimizer, seed: 4, averaging: 0.5 });
    const parts = await compileTrainingStep({
      build: perceptron(ROWS),
      optimizer,
      seed: 4,
      averaging: 0.5,
      accumulate: true,
    });
    const start = bitsOf(whole.parameters());
    for (let batch = 0; batch < 6; batch += 1) {
      const { loss } = await whole.run(batchOf(batch), RATE);
      const losses = await runPasses(parts, batch * PASSES, (batch + 1) * PASSES);
      expect(losses.reduce((sum, each) => sum + each, 0) / PASSES).toBeCloseTo(loss, 5);
    }
    expect([whole.steps, parts.steps]).toEqual([6, 6]);
    expect(bitsOf(whole.parameters())).not.toEqual(start);
    const state = parts.state();
    for (const [name, values] of whole.state()) {
      if (values.type === 'float32') expectClose(state.get(name)!, values, 1e-5, name);
    }
    for (const step of [whole, parts]) await step.release();
  });

  it('moves parameters, slots and averages with the last pass alone, and empties the accumulators', async () => {
    const step = await compileTrainingStep({
      build: perceptron(ROWS),
      optimizer: adamW(),
      seed: 4,
      averaging: 0.5,
      accumulate: true,
    });
    await runPasses(step, 0, PASSES);
    const before = step.state();
    const accumulators = [...before.keys()].filter((name) => name.startsWith('accumulator.'));
    expect(accumulators).toHaveLength(4);
    for (const name of accumulators) expect([...before.get(name)!.data].every((value) => value === 0)).toBe(true);
    await runPasses(step, PASSES, 2 * PASSES - 1);
    const waiting = step.state();
    const moved = (now: TensorMap): string[] => {
      const [old, fresh] = [bitsOf(before), bitsOf(now)];
      return [...now.keys()].filter((name) => fresh[name] !== old[name]);
    };
    expect(moved(waiting).sort()).toEqual([...accumulators, 'passes'].sort());
    await runPasses(step, 2 * PASSES - 1, 2 * PASSES);
    const still = [...before.keys()].filter((name) => !moved(step.state()).includes(name));
    expect(still.sort()).toEqual(accumulators.sort());
    await step.release();
  });

  it('resumes in the middle bit for bit, with other masks at every pass', async () => {
    const compile = (): Promise<TrainingStep> =>
      compileTrainingStep({ build: perceptron(ROWS, 0.5), optimizer: adamW(), seed: 4, accumulate: true });
    const [whole, first, second] = [await compile(), await compile(), await compile()];
    const middle = PASSES + 2;
    const losses = await runPasses(whole, 0, 3 * PASSES);
    await runPasses(first, 0, middle);
    second.load(first.state());
    expect(second.steps).toBe(1);
    expect(await runPasses(second, middle, 3 * PASSES)).toEqual(losses.slice(middle));
    expect(bitsOf(second.state())).toEqual(bitsOf(whole.state()));
    const feeds = microBatch(batchOf(0), 0);
    const same = [];
    for (let pass = 0; pass < 3; pass += 1) same.push((await second.run(feeds, { ...RATE, update: false })).loss);
    expect(new Set(same).size).toBe(3);
    for (const step of [whole, first, second]) await step.release();
  });

  it('moves running statistics at every pass', async () => {
    const build = smallNetwork({ dropout: 0 });
    const [once, twice] = [
      await compileTrainingStep({ build, optimizer: sgd(), seed: 1 }),
      await compileTrainingStep({ build, optimizer: sgd(), seed: 1, accumulate: true }),
    ];
    for (const batch of [0, 1]) await once.run(batchOf(batch), { learningRate: 0 });
    for (const batch of [0, 1]) await twice.run(batchOf(batch), { learningRate: 0.1, update: false });
    expect(bitsOf(twice.parameters())).toEqual(bitsOf(once.parameters()));
    for (const step of [once, twice]) await step.release();
  });

  it('needs a step that accumulates', async () => {
    const step = await compileTrainingStep({ build: perceptron(BATCH), optimizer: sgd(), seed: 1 });
    for (const more of [{ update: false }, { share: 0.5 }]) {
      await expect(step.run(batchOf(0), { ...RATE, ...more })).rejects.toThrow('compiled with accumulate');
    }
    expect(step.steps).toBe(0);
    await step.release();
  });
});
