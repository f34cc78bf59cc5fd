import {
  axisOf,
  expectCounts,
  expectOneType,
  expectVector,
  floatTypes,
  mismatch,
  operand,
  optional,
  type InferenceRule,
  type InferenceTable,
} from './application.ts';
import { broadcast, printed, unify } from './dimension.ts';

const alongAxis: InferenceRule<'Softmax' | 'LogSoftmax'> = (node) => {
  expectCounts(node, 1);
  const { type, shape } = operand(node, 0, floatTypes);
  axisOf(node, node.attributes.axis ?? -1, shape.length);
  return [{ type, shape }];
};

export const normalisation = {
  // x [N, C, ...]; scale, bias, mean, variance [C]
  BatchNormalization: (node) => {
    expectCounts(node, 5);
    const [x, ...others] = [0, 1, 2, 3, 4].map((index) => operand(node, index, floatTypes));
    const type = expectOneType(node, [x, ...others]);
    if (x!.shape.length < 2) mismatch(node, 'the input must be [N, C, ...]');
    for (const vector of others) expectVector(node, vector, x!.shape[1]!, `'${vector.name}'`);
    return [{ type, shape: x!.shape }];
  },
  // x [N, C, ...], scale [C], bias [C] -> y, mean [C], variance [C], 1 / standard deviation [C]
  BatchNormalizationTraining: (node) => {
    expectCounts(node, 3, 4);
    const [x, ...others] = [0, 1, 2].map((index) => operand(node, index, floatTypes));
    const type = expectOneType(node, [x, ...others]);
    const { shape } = x!;
    if (shape.length < 2) mismatch(node, 'the input must be [N, C, ...]');
    for (const vector of others) expectVector(node, vector, shape[1]!, `'${vector.name}'`);
    return [shape, [shape[1]!], [shape[1]!], [shape[1]!]].slice(0, node.count).map((shape) => ({ type, shape }));
  },
  // dy, x [N, C, ...], scale, mean, 1 / standard deviation [C] -> dx [N, C, ...], dscale [C], dbias [C]
  BatchNormalizationGradient: (node) => {
    expectCounts(node, 5, 3);
    const [dy, x, ...vectors] = [0, 1, 2, 3, 4].map((index) => operand(node, index, floatTypes));
    const type = expectOneType(node, [dy, x, ...vectors]);
    const { shape } = x!;
    if (dy!.shape.join() !== shape.join()) mismatch(node, 'the gradient must have the shape of the input');
    for (const vector of vectors) expectVector(node, vector, shape[1]!, `'${vector.name}'`);
    return [shape, [shape[1]!], [shape[1]!]].slice(0, node.count).map((shape) => ({ type, shape }));
  },
  // x [..., normalised part from `axis` on]; mean and 1 / standard deviation have 1 in its place.
  LayerNormalization: (node) => {
    expectCounts(node, 3, 3);
    const [x, scale, bias] = [operand(node, 0, floatTypes), operand(node, 1), optional(node, 2)];
    const type = expectOneType(node, [x, scale, bias]);
    const axis = axisOf(node, node.attributes.axis ?? -1, x.shape.length);
    const part = x.shape.slice(axis);
    for (const value of [scale, bias]) {
      const together = value === undefined ? part : broadcast(part, value.shape);
      const fits =
        together?.length === part.length && together.every((size, at) => unify(size, part[at]!) !== undefined);
      if (!fits) mismatch(node, `scale and bias must broadcast to ${printed(part)}`);
    }
    const statistics = x.shape.map((size, at) => (at < axis ? size : 1));
    return [x.shape, statistics, statistics].slice(0, node.count).map((shape) => ({ type, shape }));
  },
  Softmax: alongAxis,
  LogSoftmax: alongAxis,
} satisfies Partial<InferenceTable>;
