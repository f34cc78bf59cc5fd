import {
  batchNorm2d,
  compileTrainingStep,
  conv2d,
  dropout,
  filled,
  floats,
  gelu,
  globalAveragePool2d,
  layerNorm,
  linear,
  Random,
  relu,
  sgd,
  softmaxCrossEntropy,
  tensor,
  type Network,
  type Tensor,
  type Value,
} from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { prepareGraph } from '../../src/runtime/session.ts';
import { planStep } from '../../src/training/plan.ts';

const [BATCH, CHANNELS, SIZE] = [4, 16, 6];

/** Residual blocks of convolutions, then layers on vectors, both with dropout; one that no gradient needs the inside of. */
function body(network: Network, image: Value): Value {
  const { graph } = network;
  let x = conv2d(network, 'stem', image, { outChannels: CHANNELS, kernel: 1 });
  for (const name of ['a', 'b', 'c']) {
    x = network.block(x, (input) => {
      const y = conv2d(network, `${name}.conv`, input, { outChannels: CHANNELS, kernel: 3, padding: 1, bias: false });
      const activated = relu(network, batchNorm2d(network, `${name}.norm1`, y));
      const kept = dropout(network, `${name}.drop`, activated, 0.2);
      return relu(network, graph.op('Add', [batchNorm2d(network, `${name}.norm2`, kept), input]));
    });
  }
  let rows = graph.op('Flatten', [globalAveragePool2d(network, x)], { axis: 1 });
  for (const name of ['d', 'e']) {
    rows = network.block(rows, (input) => {
      const hidden = gelu(network, linear(network, `${name}.up`, layerNorm(network, `${name}.norm`, input), 64));
      return graph.op('Add', [input, linear(network, `${name}.down`, hidden, CHANNELS)]);
    });
  }
  return linear(network, 'head', rows, 3);
}

function build(network: Network): { loss: Value } {
  const image = network.graph.input('image', 'float32', [BATCH, 3, SIZE, SIZE]);
  const target = network.graph.input('target', 'int64', [BATCH]);
  return { loss: softmaxCrossEntropy(network.graph, body(network, image), target) };
}

function batchOf(index: number): { image: Tensor; target: Tensor } {
  const random = Random.of('recompute', index);
  const pixels = Array.from({ length: BATCH * 3 * SIZE * SIZE }, () => random.normal());
  return {
    image: floats([BATCH, 3, SIZE, SIZE], pixels),
    target: tensor(
      'int64',
      [BATCH],
      BigInt64Array.from({ length: BATCH }, () => BigInt(random.integer(0, 2))),
    ),
  };
}

async function train(recompute: boolean, layout: 'plain' | 'blocked'): Promise<Record<string, Tensor>> {
  const step = await compileTrainingStep({
    build,
    recompute,
    optimizer: sgd({ momentum: 0.9 }),
    seed: 1,
    session: { layout, threads: 1 },
  });
  const losses: number[] = [];
  for (let index = 0; index < 4; index += 1) {
    losses.push((await step.run(batchOf(index), { learningRate: 0.05 })).loss);
  }
  const state = Object.fromEntries(step.state());
  await step.release();
  return { ...state, losses: floats([losses.length], losses) };
}

describe('with blocks computed again', () => {
  it.each(['plain', 'blocked'] as const)(
    'parameters, momentum, running statistics and losses are the same bits, %s',
    async (layout) => {
      const [kept, again] = [await train(false, layout), await train(true, layout)];
      expect(Object.keys(again)).toContain('c.norm2.running_var');
      expect(again).toEqual(kept);
    },
  );

  it('the inside is there twice, also after all passes, and waits for the gradient', async () => {
    const { graph, network } = planStep({ build, recompute: true });
    const repeated = graph.nodes.filter(({ name }) => name.endsWith('/again'));
    const waiting = graph.nodes.filter(({ type }) => type === 'After');
    expect(waiting).toHaveLength(5);
    expect(waiting.map(({ inputs }) => inputs[0])).toEqual(network.blocks.map(({ input }) => input).reverse());
    expect(repeated.filter(({ type }) => type === 'Conv')).toHaveLength(3);
    expect(repeated.filter(({ type }) => type === 'BatchNormalizationTraining')).toHaveLength(6);
    // What a block gives is kept: its last sum is not repeated.
    expect(repeated.filter(({ type }) => type === 'Add')).toEqual([]);
    const prepared = await prepareGraph(graph, { layout: 'plain', memory: 'as needed' });
    expect(prepared.nodes.filter(({ type }) => type === 'KeepShape')).toHaveLength(5);
    expect(prepared.nodes.filter(({ name, type }) => type === 'Conv' && name.endsWith('/again'))).toHaveLength(3);
  });

  it('masks and running statistics belong to the first computation alone', () => {
    const [kept, again] = [planStep({ build }), planStep({ build, recompute: true })];
    expect(again.graph.inputs.map(({ name }) => name)).toEqual(kept.graph.inputs.map(({ name }) => name));
    expect([...again.network.noises.keys()]).toEqual([...kept.network.noises.keys()]);
    const repeated = new Set(again.graph.nodes.filter(({ name }) => name.endsWith('/again')).flatMap((n) => n.outputs));
    const statistics = new Set([...again.statistics.values()].map(({ output }) => output));
    const reached = new Set(again.graph.outputs.filter(({ name }) => statistics.has(name)));
    for (const { inputs, outputs } of again.graph.nodes.toReversed()) {
      if (!outputs.some((value) => reached.has(value))) continue;
      for (const input of inputs) if (input !== undefined) reached.add(input);
    }
    expect([...reached].filter((value) => repeated.has(value))).toEqual([]);
  });
});

it('the runtime holds less at once', async () => {
  const [numbers, blocks, depth] = [2 ** 20, 12, 5];
  const peakAfter = async (recompute: boolean): Promise<number> => {
    const step = await compileTrainingStep({
      build(network) {
        const { graph } = network;
        let x = graph.input('x', 'float32', [numbers]);
        for (let block = 0; block < blocks; block += 1) {
          x = network.block(x, (input) => {
            const factor = network.parameter(`factor${block}`, [1], filled(1));
            let y = graph.op('Mul', [input, factor]);
            for (let layer = 0; layer < depth; layer += 1) y = graph.op('Tanh', [y]);
            return y;
          });
        }
        return { loss: graph.op('ReduceMean', [x, undefined], { keepdims: 0 }) };
      },
      recompute,
      optimizer: sgd(),
      seed: 1,
      session: { threads: 1 },
    });
    await step.run({ x: tensor('float32', [numbers]) }, { learningRate: 0.1 });
    await step.release();
    return process.resourceUsage().maxRSS / 1024;
  };
  const before = process.resourceUsage().maxRSS / 1024;
  const again = (await peakAfter(true)) - before;
  const kept = (await peakAfter(false)) - before;
  // 12 blocks of 6 vectors of 4 MiB: 288 MiB are kept, or 12 vectors and the inside of one block.
  expect(kept).toBeGreaterThan(220);
  expect(again).toBeLessThan(0.5 * kept);
});
