import type { OperatorType } from '../graph/operators.ts';
import type { Node, Value } from '../graph/value.ts';
import { integersOf, sizesOf, type Build } from './build.ts';
import { constant, linear, rule, type RuleTable } from './rule.ts';

type Reduction = Extract<OperatorType, 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceSumSquare'>;

/** The axes a reduction goes over, counted from the front; all of them when none are listed. */
function axesOf({ inputs }: Node<Reduction>): number[] {
  const rank = inputs[0]!.shape.length;
  const listed = inputs[1] === undefined ? [] : integersOf(inputs[1]);
  if (listed.length === 0) return Array.from({ length: rank }, (_, axis) => axis);
  return listed.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** A reduced value with its reduced axes put back as size 1: it then broadcasts against the input. */
function kept(value: Value, node: Node<Reduction>, build: Build): Value {
  const axes = axesOf(node);
  const shape = sizesOf(node.inputs[0]!).map((size, axis) => (axes.includes(axis) ? 1 : size));
  return build.reshape(value, shape);
}

export const reductions = {
  // The walk repeats the gradient over the axes of size 1.
  ReduceSum: linear((dy, build, node: Node<'ReduceSum'>) => kept(dy, node, build)),
  ReduceMean: linear((dy, build, node: Node<'ReduceMean'>) => {
    const sizes = sizesOf(node.inputs[0]!);
    const count = axesOf(node).reduce((product, axis) => product * sizes[axis]!, 1);
    return build.mul(kept(dy, node, build), 1 / count);
  }),
  // Ties share the gradient evenly, as in PyTorch's amax.
  ReduceMax: rule({ inputs: [0], outputs: [0] }, ({ node, build, input, output, gradientOfOutput }) => {
    const hits = build.cast(build.equal(input(0), kept(output(0), node, build)), output(0).type);
    const share = build.div(kept(gradientOfOutput(0), node, build), build.sum(hits, axesOf(node)));
    return [build.mul(hits, share)];
  }),
  ReduceSumSquare: rule({ inputs: [0] }, ({ node, build, input, gradientOfOutput }) => [
    build.mul(build.mul(kept(gradientOfOutput(0), node, build), 2), input(0)),
  ]),
  ArgMax: constant('the result is a position'),
} satisfies Partial<RuleTable>;
