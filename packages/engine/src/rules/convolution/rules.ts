import type { Node } from '../../graph/value.ts';
import { acrossChannels, sizesOf } from '../build.ts';
import { perInput, refuse, type RuleTable } from '../rule.ts';

/** The attributes that a convolution and its gradients share. */
function windowOf({ attributes }: Node<'Conv' | 'ConvTranspose'>) {
  const { kernel_shape, strides, dilations, pads, group } = attributes;
  return {
    kernel_shape,
    ...(strides && { strides }),
    ...(dilations && { dilations }),
    ...(pads && { pads }),
    ...(group && { group }),
  };
}

const lowered = refuse('made by lowering, which comes after gradients');
const second = refuse('the gradient of a gradient');

/** What each gradient is as arithmetic is left to lowering, which knows the forms the runtime is fast with. */
export const convolution = {
  // x [N, C, ...], w [O, C / group, ...kernel], bias [O] -> y [N, O, ...]
  Conv: perInput(
    { inputs: [0, 1] },
    ({ node, build, input }, dy) =>
      build.graph.op('ConvInputGradient', [dy, input(1)], {
        ...windowOf(node),
        input_sizes: sizesOf(node.inputs[0]!).slice(2),
      }),
    ({ node, build, input }, dy) => build.graph.op('ConvWeightGradient', [input(0), dy], windowOf(node)),
    ({ build }, dy) => build.sum(dy, acrossChannels(dy), 0),
  ),
  // Itself the input gradient of a convolution, so x and dy change places: dx = conv(dy, w), and dw as there.
  ConvTranspose: perInput(
    { inputs: [0, 1] },
    ({ node, build, input }, dy) => build.graph.op('Conv', [dy, input(1)], windowOf(node)),
    ({ node, build, input }, dy) => build.graph.op('ConvWeightGradient', [dy, input(0)], windowOf(node)),
    ({ build }, dy) => build.sum(dy, acrossChannels(dy), 0),
  ),
  ConvInputGradient: second,
  ConvWeightGradient: second,
  NchwcReorderInput: lowered,
  NchwcReorderOutput: lowered,
  NchwcConv: lowered,
  NchwcGlobalAveragePool: lowered,
} satisfies Partial<RuleTable>;
