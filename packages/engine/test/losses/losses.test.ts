import {
  binaryCrossEntropyWithLogits,
  evaluate,
  floats,
  gradients,
  Graph,
  softCrossEntropy,
  softmaxCrossEntropy,
  tensor,
  weightedSum,
  type CrossEntropyOptions,
  type Tensor,
  type Value,
} from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { fixture } from '../reference/fixture.ts';
import type { NumbersFixture } from '../reference/numbers.ts';

const { crossEntropy, softCrossEntropy: softReference, binaryCrossEntropy } = await fixture<NumbersFixture>('numbers');

function matrix(rows: readonly (readonly number[])[]): Tensor {
  return floats([rows.length, rows[0]!.length], rows.flat());
}

/** The loss and its gradient with respect to the logits. */
async function lossOf(
  logits: Tensor,
  build: (graph: Graph, logits: Value) => Value,
): Promise<{ loss: number; gradient: Tensor }> {
  const graph = new Graph();
  const input = graph.input('logits', 'float32', logits.shape);
  const loss = build(graph, input);
  graph.output(gradients(graph, loss, [input]).get(input)!, 'gradient');
  graph.output(loss, 'loss');
  const results = await evaluate(graph, { logits });
  return { loss: Number(results['loss']!.data[0]), gradient: results['gradient']! };
}

function softmaxLossOf(
  logits: Tensor,
  targets: readonly number[],
  options?: CrossEntropyOptions,
): Promise<{ loss: number; gradient: Tensor }> {
  const labels = tensor('int64', [targets.length], BigInt64Array.from(targets, BigInt));
  return lossOf(logits, (graph, input) => softmaxCrossEntropy(graph, input, graph.constant(labels), options));
}

describe('softmax cross-entropy', () => {
  it.each(crossEntropy.cases.map((each) => ({ ...each, title: JSON.stringify([each.targets, each.options]) })))(
    'is that of PyTorch for $title',
    async ({ targets, options, loss: expected, gradient: expectedGradient }) => {
      const { loss, gradient } = await softmaxLossOf(matrix(crossEntropy.logits), targets, options);
      expect(Math.abs(loss - expected) / expected).toBeLessThan(1e-6);
      expectClose(gradient, matrix(expectedGradient), 1e-5, 'gradient');
    },
  );

  it('is 0 with no gradient when nothing is labelled', async () => {
    const options = { classWeights: [1, 2, 3, 4], labelSmoothing: 0.1 };
    const { loss, gradient } = await softmaxLossOf(matrix(crossEntropy.logits), [-1, -1, -1, -1, -1, -1], options);
    expect(loss).toBe(0);
    expect([...gradient.data].every((x) => Number(x) === 0)).toBe(true);
  });

  it('stays finite where exp overflows', async () => {
    // Row 1: the target is certain, loss 0. Row 2: it has lost by 200.
    const { loss, gradient } = await softmaxLossOf(floats([2, 2], [1000, -1000, 100, -100]), [0, 1]);
    expect(loss).toBeCloseTo(100, 4);
    expect([...gradient.data].map(Number)).toEqual([0, 0, 0.5, -0.5]);
  });

  it('refuses logits that are no matrix, weights that are too few, and a smoothing of 1', () => {
    const graph = new Graph();
    const [logits, targets] = [graph.input('logits', 'float32', [2, 3]), graph.input('targets', 'int64', [2])];
    expect(() => softmaxCrossEntropy(graph, graph.input('x', 'float32', [2]), targets)).toThrow('not [2]');
    expect(() => softmaxCrossEntropy(graph, logits, targets, { classWeights: [1, 2] })).toThrow('do not fit 3 classes');
    expect(() => softmaxCrossEntropy(graph, logits, targets, { labelSmoothing: 1 })).toThrow('not in [0, 1)');
  });
});

describe('cross-entropy with probabilities', () => {
  const softLossOf = (targets: Tensor, options?: CrossEntropyOptions) =>
    lossOf(matrix(crossEntropy.logits), (graph, input) =>
      softCrossEntropy(graph, input, graph.constant(targets), options),
    );

  it.each(softReference.cases.map((each) => ({ ...each, title: JSON.stringify(each.options) })))(
    'is that of PyTorch for $title, rows without a label left out',
    async ({ options, loss: expected, gradient: expectedGradient }) => {
      const { loss, gradient } = await softLossOf(matrix(softReference.targets), options);
      expect(Math.abs(loss - expected) / expected).toBeLessThan(1e-6);
      expectClose(gradient, matrix(expectedGradient), 1e-5, 'gradient');
    },
  );

  it('is that with class positions where every row is certain', async () => {
    const targets = [2, -1, 0, 3, 1, 1];
    const oneHot = targets.map((target) => [0, 1, 2, 3].map((position) => Number(position === target)));
    const options = { labelSmoothing: 0.1 };
    const [soft, hard] = [
      await softLossOf(matrix(oneHot), options),
      await softmaxLossOf(matrix(crossEntropy.logits), targets, options),
    ];
    expect(soft.loss).toBeCloseTo(hard.loss, 6);
    expectClose(soft.gradient, hard.gradient, 1e-6, 'gradient');
  });

  it('is 0 with no gradient when nothing is labelled', async () => {
    const options = { classWeights: [1, 2, 3, 4], labelSmoothing: 0.1 };
    const { loss, gradient } = await softLossOf(tensor('float32', [6, 4]), options);
    expect(loss).toBe(0);
    expect([...gradient.data].every((x) => Number(x) === 0)).toBe(true);
  });

  it('refuses targets of another shape', () => {
    const graph = new Graph();
    const [logits, targets] = [graph.input('logits', 'float32', [2, 3]), graph.input('targets', 'float32', [2, 4])];
    expect(() => softCrossEntropy(graph, logits, targets)).toThrow('targets [2, 4] are not probabilities');
  });
});

describe('binary cross-entropy', () => {
  const withTargets = (targets: Tensor) => (graph: Graph, logits: Value) =>
    binaryCrossEntropyWithLogits(graph, logits, graph.constant(targets));

  it('is that of PyTorch, entries without a label left out', async () => {
    const { logits, targets, loss: expected, gradient: expectedGradient } = binaryCrossEntropy;
    const { loss, gradient } = await lossOf(matrix(logits), withTargets(matrix(targets)));
    expect(Math.abs(loss - expected) / expected).toBeLessThan(1e-6);
    expectClose(gradient, matrix(expectedGradient), 1e-5, 'gradient');
  });

  it('is 0 with no gradient when nothing is labelled', async () => {
    const { loss, gradient } = await lossOf(floats([2], [3, -3]), withTargets(floats([2], [-1, -1])));
    expect(loss).toBe(0);
    expect([...gradient.data].every((x) => Number(x) === 0)).toBe(true);
  });
});

describe('weighted sum', () => {
  it('adds the losses of several heads, each with its weight', async () => {
    const { loss, gradient } = await lossOf(floats([2], [3, 5]), (graph, logits) => {
      const head = (position: number): Value => {
        return graph.op('Squeeze', [graph.op('Gather', [logits, graph.integers([position])]), graph.integers([0])]);
      };
      return weightedSum(graph, [{ loss: head(0) }, { loss: head(1), weight: 0.5 }]);
    });
    expect(loss).toBe(5.5);
    expect([...gradient.data]).toEqual([1, 0.5]);
  });

  it('refuses an empty list', () => {
    expect(() => weightedSum(new Graph(), [])).toThrow('at least one loss');
  });
});
