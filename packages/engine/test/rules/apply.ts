import type { Graph } from '../../src/graph/graph.ts';
import type { OperatorType } from '../../src/graph/operators.ts';
import type { Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { rules } from '../../src/rules/table.ts';
import type { GradientCheck } from '../../src/testing/gradient-check.ts';
import type { Case } from './cases/case.ts';

/** The case as something the gradient checker takes. */
export function checkOf<T extends OperatorType>(
  type: T,
  { inputs, attributes, count, fixed, step }: Case<T>,
): GradientCheck {
  const fed = inputs.flatMap((operand, index): [string, Tensor][] =>
    operand === undefined || 'constant' in operand ? [] : [[`x${index}`, operand]],
  );
  return {
    inputs: Object.fromEntries(fed),
    fixed: fixed?.map((index) => `x${index}`) ?? [],
    ...(step === undefined ? {} : { step }),
    build: (graph: Graph, values: Readonly<Record<string, Value>>) => {
      const operands = inputs.map((operand, index) => {
        if (operand === undefined) return undefined;
        return 'constant' in operand ? graph.constant(operand.constant) : values[`x${index}`]!;
      });
      const outputs = graph.within('forward', () => graph.emit<OperatorType>(type, operands, count ?? 1, attributes));
      const { [type]: verdict } = rules;
      return verdict.kind === 'rule' && verdict.firstOutputOnly ? outputs.slice(0, 1) : outputs;
    },
  };
}

/** `[2, 3], [3] {"axis":1}` */
export function labelOf({ inputs, attributes, count }: Case): string {
  const shapes = inputs.map((operand) => {
    if (operand === undefined) return '-';
    return 'constant' in operand
      ? `(${Array.from<number | bigint>(operand.constant.data).slice(0, 8).join(' ')})`
      : `[${operand.shape.join()}]`;
  });
  return `${shapes.join(', ')} ${JSON.stringify(attributes)}${count === undefined ? '' : ` -> ${count}`}`;
}
