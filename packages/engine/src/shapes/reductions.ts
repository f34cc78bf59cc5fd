import type { DataType } from '../graph/tensor.ts';
import {
  axesOf,
  axisOf,
  expectCounts,
  integersOf,
  numericTypes,
  operand,
  wideTypes,
  type InferenceRule,
  type InferenceTable,
} from './application.ts';

type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceSumSquare';

/** Over the axes of the second input; over all of them when it is left out or empty. */
function reduction(types: readonly DataType[]): InferenceRule<Reduction> {
  return (node) => {
    expectCounts(node, 2);
    const { type, shape } = operand(node, 0, types);
    const listed = node.inputs[1] === undefined ? [] : integersOf(node, 1, 'the axes');
    const axes = axesOf(node, listed, shape.length);
    const reduced = (axis: number): boolean => axes.length === 0 || axes.includes(axis);
    const kept = node.attributes.keepdims !== 0;
    return [{ type, shape: shape.flatMap((size, axis) => (reduced(axis) ? (kept ? [1] : []) : [size])) }];
  };
}

export const reductions = {
  ReduceSum: reduction(wideTypes),
  ReduceMean: reduction(wideTypes),
  ReduceMax: reduction([...numericTypes, 'bool']),
  ReduceSumSquare: reduction(wideTypes),
  ArgMax: (node) => {
    expectCounts(node, 1);
    const { shape } = operand(node, 0, numericTypes);
    const axis = axisOf(node, node.attributes.axis ?? 0, shape.length);
    const left = node.attributes.keepdims === 0 ? [] : [1];
    return [{ type: 'int64' as const, shape: shape.flatMap((size, at) => (at === axis ? left : [size])) }];
  },
} satisfies Partial<InferenceTable>;
