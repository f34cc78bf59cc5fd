import {
  adamW,
  compileForward,
  compileTrainingStep,
  evaluate,
  gradients,
  Graph,
  Network,
  sgd,
  tensor,
  type Optimizer,
  type Tensor,
} from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { decoded, decodedAll, fixture, type NetworkReference, type NetworksFixture } from './fixture.ts';
import { BATCH, bodies, logitsOf, lossOf } from './networks.ts';

const { networks } = await fixture<NetworksFixture>('networks');

const optimizers: Readonly<Record<'sgd' | 'adamW', { make: () => Optimizer; learningRate: number }>> = {
  sgd: { make: () => sgd({ momentum: 0.9, weightDecay: 0.01 }), learningRate: 0.05 },
  adamW: { make: () => adamW({ weightDecay: 0.05, epsilon: 1e-4 }), learningRate: 0.003 },
};

function feedsOf({ images, targets }: NetworkReference): { images: Tensor; targets: Tensor } {
  const labels = tensor('int64', [BATCH], BigInt64Array.from(targets, BigInt));
  return { images: decoded(images, 'uint8'), targets: labels };
}

describe.each(Object.entries(bodies))('%s network', (name, body) => {
  const reference = networks[name]!;
  const start = decodedAll(reference.start);

  it('declares the parameters of the PyTorch module', () => {
    const network = new Network(new Graph(), { training: true });
    logitsOf(network, body);
    expect(network.specs.map((spec) => spec.name).sort()).toEqual([...start.keys()].sort());
    for (const spec of network.specs) expect(spec.shape, spec.name).toEqual(start.get(spec.name)!.shape);
  });

  it('gives the logits, the loss and every gradient of PyTorch', async () => {
    const graph = new Graph();
    const network = new Network(graph, { training: true });
    const logits = logitsOf(network, body);
    const loss = lossOf(network, logits);
    const trained = Object.keys(reference.gradients);
    const found = gradients(
      graph,
      loss,
      trained.map((parameter) => network.parameters.get(parameter)!),
    );
    graph.output(logits, 'logits');
    graph.output(loss, 'loss');
    for (const parameter of trained) graph.output(found.get(network.parameters.get(parameter)!)!, `d.${parameter}`);
    const used = Object.fromEntries([...start].filter(([key]) => graph.inputs.some((input) => input.name === key)));
    const results = await evaluate(graph, { ...used, ...feedsOf(reference) });

    expectClose(results['logits']!, decoded(reference.logits), 1e-5, 'logits');
    expect(Number(results['loss']!.data[0])).toBeCloseTo(reference.loss, 5);
    for (const parameter of trained) {
      expectClose(results[`d.${parameter}`]!, decoded(reference.gradients[parameter]!), 1e-5, parameter);
    }
  });

  it('evaluates with running statistics as PyTorch does', async () => {
    const forward = await compileForward({ build: (network) => ({ logits: logitsOf(network, body) }) });
    const { logits } = await forward.run({ images: decoded(reference.images, 'uint8') }, start);
    await forward.release();
    expectClose(logits!, decoded(reference.evaluation), 1e-5, 'logits');
  });

  it.each(['sgd', 'adamW'] as const)('follows ten steps of %s', async (key) => {
    const { make, learningRate } = optimizers[key];
    const step = await compileTrainingStep({
      build: (network) => ({ loss: lossOf(network, logitsOf(network, body)) }),
      optimizer: make(),
      seed: 0,
      initial: start,
    });
    const { losses, end } = reference[key];
    for (const [index, expected] of losses.entries()) {
      const { loss } = await step.run(feedsOf(reference), { learningRate });
      expect(Math.abs(loss - expected) / expected, `loss of step ${index + 1}`).toBeLessThan(1e-4);
    }
    const parameters = step.parameters();
    await step.release();
    for (const [parameter, expected] of decodedAll(end)) {
      expectClose(parameters.get(parameter)!, expected, 1e-4, parameter);
    }
  });
});
