import { expect, it } from 'vitest';
import { prepareGraph } from '../../src/runtime/session.ts';
import { planStep } from '../../src/training/plan.ts';
import { smallNetwork } from './small-network.ts';

it.each(['plain', 'blocked'] as const)(
  'gradients of weights stand behind the backward pass, that of the last layer last, where the runtime begins, %s',
  async (layout) => {
    const { graph, trained } = planStep({ build: smallNetwork({ dropout: 0 }) });
    const { nodes } = await prepareGraph(graph, { layout, memory: 'as needed' });
    const placeOf = (wanted: string): number => {
      const { gradient } = trained.find(({ name }) => name === wanted)!;
      return nodes.findIndex(({ outputs }) => outputs.some(({ name }) => name === gradient));
    };
    const [first, second, last] = ['early.conv.weight', 'late.conv.weight', 'head.weight'].map(placeOf);
    expect(first).toBeLessThan(second!);
    expect(second).toBeLessThan(last!);
    const read = new Set(nodes.flatMap(({ inputs }) => inputs));
    const leaves = nodes.map(({ outputs }) => !outputs.some((value) => read.has(value)));
    expect(leaves.lastIndexOf(false)).toBeLessThan(leaves.indexOf(true));
  },
);
