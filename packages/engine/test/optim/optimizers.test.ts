import {
  adam,
  adamW,
  clipByGlobalNorm,
  compileTrainingStep,
  filled,
  floats,
  sgd,
  type Network,
  type Optimizer,
  type Tensor,
  type TrainingStep,
  type Value,
} from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { fixture } from '../reference/fixture.ts';
import type { NumbersFixture } from '../reference/numbers.ts';

const { start, gradients, learningRate, cases } = (await fixture<NumbersFixture>('numbers')).optimizers;

type Groups = Parameters<typeof sgd>[0];
const optimizers: Readonly<Record<(typeof cases)[number]['optimizer'], (groups: Groups) => Optimizer>> = {
  sgd: (groups) => sgd(groups),
  momentum: (groups) => sgd({ momentum: 0.9, ...groups }),
  nesterov: (groups) => sgd({ momentum: 0.9, nesterov: true, ...groups }),
  adam: (groups) => adam(groups),
  adamW: (groups) => adamW(groups),
  adamMoments: (groups) => adam({ beta1: 0.8, beta2: 0.95, epsilon: 1e-3, ...groups }),
};

/** A loss whose gradient with respect to each parameter is what is fed for it. */
function linearLoss(network: Network): Value {
  const { graph } = network;
  const terms = (['weight', 'bias'] as const).map((name) => {
    const shape = name === 'weight' ? [2, 3] : [3];
    const product = graph.op('Mul', [
      network.parameter(name, shape, filled(0)),
      graph.input(`d.${name}`, 'float32', shape),
    ]);
    return graph.op('ReduceSum', [product], { keepdims: 0 });
  });
  return graph.op('Add', [terms[0]!, terms[1]!]);
}

function tensorsOf({ weight, bias }: (typeof cases)[number]['end']): { weight: Tensor; bias: Tensor } {
  return { weight: floats([2, 3], weight.flat()), bias: floats([3], bias) };
}

describe('optimizers', () => {
  it.each(cases.map((each) => ({ ...each, title: JSON.stringify({ ...each, end: undefined }) })))(
    'follow PyTorch over five steps: $title',
    async ({ optimizer, weightDecay, clip, biasMultiplier, end }) => {
      const multiplier = (name: string): number => (name === 'bias' ? biasMultiplier : 1);
      const chain = optimizers[optimizer]({ weightDecay, multiplier });
      const step = await compileTrainingStep({
        build: (network) => ({ loss: linearLoss(network) }),
        optimizer: clip > 0 ? [clipByGlobalNorm(clip), ...chain] : chain,
        seed: 0,
        initial: new Map(Object.entries(tensorsOf(start))),
      });
      for (const each of gradients) {
        const { weight, bias } = tensorsOf(each);
        await step.run({ 'd.weight': weight, 'd.bias': bias }, { learningRate });
      }
      const parameters = step.parameters();
      await step.release();
      const expected = tensorsOf(end);
      expectClose(parameters.get('weight')!, expected.weight, 1e-5, 'weight');
      expectClose(parameters.get('bias')!, expected.bias, 1e-5, 'bias');
    },
  );

  it('take the steps that one computes by hand', async () => {
    // Loss 3 w at w = 2, decay 0.5, rate 0.1, momentum 0.9: u = 3 + 0.5 * 2 = 4, b = 4, w = 2 - 0.1 * 4 = 1.6.
    // Then u = 3 + 0.5 * 1.6 = 3.8, b = 0.9 * 4 + 3.8 = 7.4, w = 1.6 - 0.74 = 0.86.
    const step = await compileTrainingStep({
      build(network) {
        const w = network.parameter('w', [1, 1], filled(2));
        const loss = network.graph.op('Mul', [w, network.graph.scalar(3)]);
        return { loss: network.graph.op('Squeeze', [loss]) };
      },
      optimizer: sgd({ momentum: 0.9, weightDecay: 0.5 }),
      seed: 0,
    });
    const losses: number[] = [];
    for (let i = 0; i < 3; i += 1) losses.push((await step.run({}, { learningRate: 0.1 })).loss);
    await step.release();
    expect(losses[0]).toBe(6);
    expect(losses[1]).toBeCloseTo(3 * 1.6, 5);
    expect(losses[2]).toBeCloseTo(3 * 0.86, 5);
  });

  it('refuse a largest norm of 0', () => {
    expect(() => clipByGlobalNorm(0)).toThrow('not above 0');
  });
});

/** (1 - x)^2 + 100 (y - x^2)^2, whose minimum, at (1, 1), lies in a bent and narrow valley (Rosenbrock 1960). */
function rosenbrock(network: Network): Value {
  const { graph } = network;
  const [x, y] = ['x', 'y'].map((name) => network.parameter(name, [], filled(name === 'x' ? -1.2 : 1)));
  const square = (value: Value): Value => graph.op('Mul', [value, value]);
  const valley = square(graph.op('Sub', [y!, square(x!)]));
  return graph.op('Add', [
    square(graph.op('Sub', [graph.scalar(1), x!])),
    graph.op('Mul', [valley, graph.scalar(100)]),
  ]);
}

async function positionOf(step: TrainingStep): Promise<number[]> {
  const position = ['x', 'y'].map((name) => Number(step.parameters().get(name)!.data[0]));
  await step.release();
  return position;
}

describe('descent on the Rosenbrock function', () => {
  it.each([
    ['sgd with momentum', sgd({ momentum: 0.9 }), 0.0005, 0.05],
    ['sgd with Nesterov momentum', sgd({ momentum: 0.9, nesterov: true }), 0.0005, 0.05],
    ['adam', adam(), 0.05, 0.05],
    ['adamW', adamW({ weightDecay: 0 }), 0.05, 0.05],
    ['clipped sgd', [clipByGlobalNorm(1), ...sgd({ momentum: 0.9 })], 0.0005, 0.3],
  ] as const)('%s comes to the minimum', async (_, optimizer, learningRate, distance) => {
    const step = await compileTrainingStep({ build: (network) => ({ loss: rosenbrock(network) }), optimizer, seed: 0 });
    for (let i = 0; i < 3000; i += 1) await step.run({}, { learningRate });
    const [x, y] = await positionOf(step);
    expect(Math.hypot(x! - 1, y! - 1)).toBeLessThan(distance);
  });
});
