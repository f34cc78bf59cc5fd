/** @file What rules build and keep: nothing that no gradient needs, and no forward value they do not declare. */
import { describe, expect, test } from 'vitest';
import { gradients } from '../../src/autodiff/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { OperatorType } from '../../src/graph/operators.ts';
import type { AnyNode, Value } from '../../src/graph/value.ts';
import { rules } from '../../src/rules/table.ts';
import { checkOf } from './apply.ts';
import { cases } from './cases/all.ts';
import type { Case } from './cases/case.ts';

interface Derived {
  readonly forward: AnyNode;
  readonly backward: readonly AnyNode[];
  readonly found: ReadonlyMap<Value, Value>;
}

/** One node and the gradients of those of its fed float inputs that `wanted` picks. */
function derive(operator: OperatorType, one: Case, wanted: (name: string) => boolean): Derived {
  const graph = new Graph();
  const check = checkOf(operator, one);
  const inputs = Object.entries(check.inputs).map(([name, { type, shape }]) => graph.input(name, type, shape));
  const built = check.build(graph, Object.fromEntries(inputs.map((value) => [value.name, value])));
  const y = (Array.isArray(built) ? built : [built])[0] as Value;
  const forward = graph.nodes.at(-1)!;
  const seed = graph.input('seed', y.type, y.shape);
  const found = gradients(
    graph,
    y,
    inputs.filter(({ name }) => wanted(name)),
    seed,
  );
  return { forward, backward: graph.nodes.slice(graph.nodes.indexOf(forward) + 1), found };
}

function floatsOf(one: Case): string[] {
  return one.inputs.flatMap((operand, index) =>
    operand !== undefined && !('constant' in operand) && operand.type.startsWith('float') ? [`x${index}`] : [],
  );
}

const operators = (Object.keys(cases) as OperatorType[]).map((operator): [OperatorType, readonly Case[]] => [
  operator,
  cases[operator] ?? [],
]);

describe.each(operators)('%s', (operator, listed) => {
  test('whichever single gradient is asked for, it comes, alone, and every node serves it', () => {
    for (const one of listed) {
      for (const name of floatsOf(one)) {
        const { backward, found } = derive(operator, one, (candidate) => candidate === name);
        expect([...found.keys()].map((value) => value.name)).toEqual([name]);
        const needed = new Set<Value | undefined>(found.values());
        for (const node of backward.toReversed()) {
          expect(
            node.outputs.some((output) => needed.has(output)),
            `${node.type} serves nothing`,
          ).toBe(true);
          node.inputs.forEach((input) => needed.add(input));
        }
      }
    }
  });

  test('declares the forward values that it saves, and no others', () => {
    const verdict = rules[operator];
    if (verdict.kind !== 'rule') throw new Error('cases are for rules');
    const read = { inputs: new Set<number>(), outputs: new Set<number>() };
    let arity = 0;
    for (const one of listed) {
      const { forward, backward } = derive(operator, one, () => true);
      arity = Math.max(arity, forward.inputs.length);
      for (const value of backward.flatMap((node) => node.inputs)) {
        // Constant lists are axes and sizes, stored once for all nodes.
        if (value === undefined || value.constant?.type === 'int64') continue;
        if (forward.inputs.includes(value)) read.inputs.add(forward.inputs.indexOf(value));
        if (forward.outputs.includes(value)) read.outputs.add(forward.outputs.indexOf(value));
      }
    }
    const { inputs = [], outputs = [] } = verdict.saves;
    const declared = inputs === 'all' ? [...Array(arity).keys()] : inputs;
    expect([...read.inputs].sort()).toEqual(declared);
    expect([...read.outputs].sort()).toEqual(outputs);
  });
});
