import type { Tensor } from '../../../src/graph/tensor.ts';
import { distinct, list, uniform, type Case, type Cases } from './case.ts';

/** Every way to say which axes, with and without keeping them. */
function reduction(point: (shape: readonly number[]) => Tensor): Case<'ReduceSum'>[] {
  const axes = [undefined, list(), list(0), list(1, 2), list(-1), list(2, 0), list(0, 1, 2)];
  return [
    ...axes.flatMap((listed) =>
      [{}, { keepdims: 0 as const }, { keepdims: 1 as const }].map((attributes) => ({
        inputs: [point([2, 3, 4]), listed],
        attributes,
      })),
    ),
    { inputs: [point([]), undefined], attributes: { keepdims: 0 } },
  ];
}

export const reductionCases: Cases = {
  ReduceSum: reduction((shape) => uniform(shape)),
  ReduceMean: reduction((shape) => uniform(shape)),
  // Elements differ by 0.2 or more; ties have a test of their own.
  ReduceMax: reduction((shape) => distinct(shape)),
  ReduceSumSquare: reduction((shape) => uniform(shape)),
};
