import type { Value } from '../../graph/value.ts';
import { sizesOf, type Build } from '../build.ts';
import { perInput, refuse, type RuleTable } from '../rule.ts';
import { inputGradient } from './input-gradient.ts';
import { weightGradient } from './weight-gradient.ts';
import { geometryOf } from './window.ts';

/** dy [N, O, ...] -> [O] */
function biasGradient(build: Build, dy: Value): Value {
  const axes = dy.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  return build.sum(dy, axes, 0);
}

const lowered = refuse('made by lowering, which comes after gradients');

export const convolution = {
  // x [N, C, ...], w [O, C / group, ...kernel], bias [O] -> y [N, O, ...]
  Conv: perInput(
    { inputs: [0, 1] },
    ({ node, build, input }, dy) =>
      inputGradient(build, dy, input(1), geometryOf(node.attributes, sizesOf(node.inputs[0]!), sizesOf(dy))),
    ({ node, build, input }, dy) =>
      weightGradient(build, input(0), dy, geometryOf(node.attributes, sizesOf(node.inputs[0]!), sizesOf(dy))),
    ({ build }, dy) => biasGradient(build, dy),
  ),
  // Itself the input gradient of a convolution, so x and dy change places: dx = conv(dy, w), and dw as there.
  ConvTranspose: perInput(
    { inputs: [0, 1] },
    ({ node, build, input }, dy) => {
      const { kernel, strides, dilations, group } = geometryOf(node.attributes, sizesOf(dy), sizesOf(node.inputs[0]!));
      const pads = node.attributes.pads ?? kernel.flatMap(() => [0, 0]);
      return build.graph.op('Conv', [dy, input(1)], { kernel_shape: kernel, strides, dilations, group, pads });
    },
    ({ node, build, input }, dy) =>
      weightGradient(build, dy, input(0), geometryOf(node.attributes, sizesOf(dy), sizesOf(node.inputs[0]!))),
    ({ build }, dy) => biasGradient(build, dy),
  ),
  NchwcReorderInput: lowered,
  NchwcReorderOutput: lowered,
  NchwcConv: lowered,
} satisfies Partial<RuleTable>;
