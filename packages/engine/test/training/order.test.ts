import { expect, it } from 'vitest';
import { planStep } from '../../src/training/plan.ts';
import { smallNetwork } from './small-network.ts';

it('gradients of weights stand behind the backward pass, that of the last layer last, where the runtime begins', () => {
  const { graph, trained } = planStep({ build: smallNetwork({ dropout: 0 }) });
  const names = graph.nodes.flatMap(({ outputs }) => outputs.map(({ name }) => name));
  const places = trained.map(({ gradient }) => names.indexOf(gradient));
  expect(Math.min(...places)).toBeGreaterThan(0);
  const [first, last] = ['early.conv.weight', 'head.weight'].map(
    (wanted) => places[trained.findIndex(({ name }) => name === wanted)]!,
  );
  expect(first).toBeLessThan(last!);
  expect(graph.nodes.findIndex(({ type }) => type === 'ConvInputGradient')).toBeLessThan(first!);
  const known = new Set([...graph.inputs, ...graph.constants]);
  for (const { inputs, outputs } of graph.nodes) {
    for (const input of inputs) expect(input === undefined || known.has(input)).toBe(true);
    for (const output of outputs) known.add(output);
  }
});
