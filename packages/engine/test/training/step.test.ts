import {
  adam,
  batchNorm1d,
  compileForward,
  compileTrainingStep,
  filled,
  floats,
  gradients,
  Graph,
  evaluate,
  Network,
  initialise,
  sgd,
  tensor,
  type Optimizer,
} from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { BATCH, batchOf, body, smallNetwork } from './small-network.ts';

const build = smallNetwork({ dropout: 0 });

describe('a training step', () => {
  it('learns eight samples by heart', async () => {
    const step = await compileTrainingStep({ build, optimizer: adam(), seed: 5 });
    const feeds = batchOf(0);
    let last = await step.run(feeds, { learningRate: 0.02 });
    const first = last.loss;
    for (let i = 0; i < 80; i += 1) last = await step.run(feeds, { learningRate: 0.02 });
    await step.release();
    expect(first).toBeGreaterThan(0.7);
    expect(last.loss).toBeLessThan(0.02);
    const logits = last.outputs['logits']!;
    expect(logits.shape).toEqual([BATCH, 3]);
    feeds.targets.data.forEach((target, row) => {
      const scores = [...logits.data].slice(3 * row, 3 * row + 3).map(Number);
      expect(scores.indexOf(Math.max(...scores))).toBe(Number(target));
    });
  });

  it('has a finite gradient, not all zero, for every trainable parameter', async () => {
    const graph = new Graph();
    const network = new Network(graph, { training: true });
    const { loss } = build(network);
    const trained = network.specs.filter((spec) => spec.trainable).map((spec) => spec.name);
    expect(trained).toHaveLength(8);
    const found = gradients(
      graph,
      loss,
      trained.map((name) => network.parameters.get(name)!),
    );
    for (const name of trained) graph.output(found.get(network.parameters.get(name)!)!, `d.${name}`);
    const results = await evaluate(graph, { ...Object.fromEntries(initialise(network.specs, 5)), ...batchOf(0) });
    for (const name of trained) {
      const gradient = [...results[`d.${name}`]!.data].map(Number);
      expect(gradient.every(Number.isFinite), name).toBe(true);
      expect(
        gradient.some((x) => Math.abs(x) > 1e-6),
        name,
      ).toBe(true);
    }
  });

  it('moves running statistics by a tenth towards mean and unbiased variance', async () => {
    const step = await compileTrainingStep({
      build(network) {
        const x = network.graph.input('x', 'float32', [4, 1]);
        const y = network.graph.op('Mul', [x, network.parameter('w', [1], filled(1))]);
        return { loss: network.graph.op('ReduceSum', [batchNorm1d(network, 'norm', y)], { keepdims: 0 }) };
      },
      optimizer: sgd(),
      seed: 0,
    });
    await step.run({ x: floats([4, 1], [1, 2, 3, 6]) }, { learningRate: 0 });
    // Mean 3; squared distances 4 + 1 + 0 + 9 = 14, over 3.
    const statistic = (name: string): number => Number(step.parameters().get(`norm.${name}`)!.data[0]);
    expect(statistic('running_mean')).toBeCloseTo(0.3, 6);
    expect(statistic('running_var')).toBeCloseTo(0.9 + (0.1 * 14) / 3, 6);
    await step.release();
  });

  it('reports a loss that is not finite and leaves the judgement to the caller', async () => {
    const step = await compileTrainingStep({ build, optimizer: sgd(), seed: 0 });
    const { targets, x } = batchOf(0);
    const { loss } = await step.run(
      { targets, x: floats(x.shape, [NaN, ...[...x.data].slice(1).map(Number)]) },
      { learningRate: 0.1 },
    );
    expect(loss).toBeNaN();
    await step.release();
  });

  it('takes start values and refuses those that do not fit', async () => {
    const initial = new Map([['head.bias', floats([3], [1, 2, 3])]]);
    const step = await compileTrainingStep({ build, optimizer: sgd(), seed: 0, initial });
    expect([...step.parameters().get('head.bias')!.data]).toEqual([1, 2, 3]);
    await step.release();
    const compile = (name: string, shape: number[]) =>
      compileTrainingStep({ build, optimizer: sgd(), seed: 0, initial: new Map([[name, tensor('float32', shape)]]) });
    await expect(compile('head.bias', [4])).rejects.toThrow("'head.bias' is float32 [3], not float32 [4]");
    await expect(compile('tail.bias', [3])).rejects.toThrow('no parameters named tail.bias');
  });

  it('refuses a loss that is no scalar or depends on nothing', async () => {
    const compile = (loss: (network: Network) => ReturnType<Graph['scalar']>) =>
      compileTrainingStep({ build: (network) => ({ loss: loss(network) }), optimizer: sgd(), seed: 0 });
    await expect(compile((network) => network.parameter('w', [2], filled(0)))).rejects.toThrow('not float32 [2]');
    await expect(compile((network) => network.graph.scalar(1))).rejects.toThrow('depends on no parameter');
  });

  it('gives every output its own tensor, also where values are the same', async () => {
    const twice: Optimizer = [
      {
        slots: ['one', 'two'],
        begin:
          () =>
          ({ update, slots: { one, two } }) => {
            one!.set(update);
            two!.set(update);
          },
      },
    ];
    const step = await compileTrainingStep({
      build(network) {
        const w = network.parameter('w', [], filled(3));
        const loss = network.graph.op('Mul', [w, w]);
        return { loss, outputs: { loss, again: loss, before: w } };
      },
      optimizer: twice,
      seed: 0,
    });
    for (const expected of [3, -3]) {
      const { loss, outputs } = await step.run({}, { learningRate: 1 });
      expect(loss).toBe(9);
      expect(Object.entries(outputs).map(([name, { data }]) => [name, data[0]])).toEqual([
        ['loss', 9],
        ['again', 9],
        ['before', expected],
      ]);
      const state = step.state();
      expect(
        ['one', 'two', 'w'].map((name) => state.get(name === 'w' ? name : `optimizer.0.${name}.w`)!.data[0]),
      ).toEqual([2 * expected, 2 * expected, -expected]);
    }
    await step.release();
  });

  it('leaves a parameter that the loss does not depend on as it is', async () => {
    const step = await compileTrainingStep({
      build(network) {
        network.parameter('unused', [2], filled(4));
        const w = network.parameter('w', [], filled(3));
        return { loss: network.graph.op('Mul', [w, w]) };
      },
      optimizer: sgd({ weightDecay: 0.1 }),
      seed: 0,
    });
    await step.run({}, { learningRate: 0.5 });
    expect([...step.parameters().get('unused')!.data]).toEqual([4, 4]);
    expect([...step.parameters().get('w')!.data]).toEqual([0]);
    await step.release();
  });
});

describe('a forward pass', () => {
  it('follows the parameters of a training and takes any batch', async () => {
    const step = await compileTrainingStep({ build, optimizer: adam(), seed: 5 });
    const forward = await compileForward({
      build: (network) => ({
        logits: body(network, network.graph.input('x', 'float32', ['N', 2, 6, 6]), { dropout: 0.5 }),
      }),
    });
    const { x } = batchOf(0);
    const first = await forward.run({ x }, step.parameters());
    const half = await forward.run(
      { x: floats([4, 2, 6, 6], [...x.data].slice(0, x.data.length / 2).map(Number)) },
      step.parameters(),
    );
    expect(half['logits']!.shape).toEqual([4, 3]);
    [...half['logits']!.data].forEach((value, index) =>
      expect(Number(value)).toBeCloseTo(Number(first['logits']!.data[index]), 5),
    );
    await step.run(batchOf(0), { learningRate: 0.1 });
    const later = await forward.run({ x }, step.parameters());
    expect([...later['logits']!.data]).not.toEqual([...first['logits']!.data]);
    await expect(forward.run({ x }, new Map())).rejects.toThrow("no numbers for 'early.conv.weight'");
    await Promise.all([step.release(), forward.release()]);
  });
});
