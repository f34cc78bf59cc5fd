import type { OperatorType } from '../graph/operators.ts';
import type { Value } from '../graph/value.ts';
import { sizesOf, type Build } from './build.ts';
import { linear, rule, type Rule, type RuleTable } from './rule.ts';

/** The same elements in the same order: the gradient takes the shape of the input. */
function reshaped<T extends OperatorType>(): Rule<T> {
  return linear((dy, build, { inputs }) => build.reshape(dy, sizesOf(inputs[0]!)));
}

/** The parts of a value along an axis, those nobody wants left out. */
function parts(
  build: Build,
  value: Value,
  axis: number,
  sizes: readonly number[],
  wanted: (index: number) => boolean,
): (Value | undefined)[] {
  const places = sizes.map((_, index) => index).filter(wanted);
  if (places.length === sizes.length) {
    return [...build.graph.emit('Split', [value, build.graph.integers(sizes)], sizes.length, { axis })];
  }
  return sizes.map((size, index) => {
    const first = sizes.slice(0, index).reduce((a, b) => a + b, 0);
    return wanted(index) ? build.slice(value, [axis], [first], [size], [1]) : undefined;
  });
}

export const rearrangement = {
  Reshape: reshaped(),
  Flatten: reshaped(),
  Squeeze: reshaped(),
  Unsqueeze: reshaped(),
  Transpose: linear((dy, build, { attributes }) => {
    const { perm } = attributes;
    return build.transpose(
      dy,
      perm.map((_, axis) => perm.indexOf(axis)),
    );
  }),
  // The walk sums over what was repeated.
  Expand: linear((dy) => dy),
  Concat: rule({}, ({ node, build, gradientOfOutput, wanted }) => {
    const { axis } = node.attributes;
    const at = axis < 0 ? axis + node.outputs[0]!.shape.length : axis;
    const sizes = node.inputs.map((value) => sizesOf(value!)[at]!);
    return parts(build, gradientOfOutput(0), at, sizes, wanted);
  }),
  Split: rule({}, ({ node, build, gradientOfOutput }) => [
    build.graph.op(
      'Concat',
      node.outputs.map((_, index) => gradientOfOutput(index)),
      { axis: node.attributes.axis ?? 0 },
    ),
  ]),
} satisfies Partial<RuleTable>;
