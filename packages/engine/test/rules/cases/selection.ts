import { floats, tensor } from '../../../src/graph/tensor.ts';
import { list, positions, uniform, type Case, type Cases, type Operand } from './case.ts';

const end = Number.MAX_SAFE_INTEGER;

/** starts, ends, axes, steps */
const slices: readonly (readonly Operand[])[] = [
  [list(1), list(3)],
  [list(1, 0), list(3, 2)],
  [list(-2), list(end), list(-1)],
  [list(0, 1), list(end, 6), list(0, 1), list(2, 2)],
  [list(1), list(7), list(1), list(3)],
  [list(-1), list(-end), list(1), list(-1)],
  [list(5, -1), list(0, -end), list(1, 0), list(-2, -1)],
  [list(9), list(-9), list(1), list(-3)],
  [list(2), list(2), list(1)],
];

const pads: readonly (readonly Operand[])[] = [
  [list(1, 0, 0, 2)],
  [list(1, 2, 3, 4), { constant: tensor('float64', [], Float64Array.of(7)) }],
  [list(1, 2, 3, 4), tensor('float64', [], Float64Array.of(7))],
  [list(-1, 2, 1, -2), tensor('float64', [], Float64Array.of(7))],
  [list(2, 1), undefined, list(-1)],
];

const gathers: readonly Case<'Gather'>[] = [
  { inputs: [uniform([5, 3]), positions([4], [0, 4, 0, -1])], attributes: {} },
  { inputs: [uniform([5, 3]), positions([2, 2], [2, 1, 2, 2])], attributes: { axis: 1 } },
  { inputs: [uniform([5, 3]), positions([], [3])], attributes: { axis: 0 } },
  { inputs: [uniform([2, 5, 3]), list(-1, 1)], attributes: { axis: 1 } },
  // One constant index is put back by padding.
  { inputs: [uniform([2, 5, 3]), { constant: positions([], [0]) }], attributes: { axis: 1 } },
  { inputs: [uniform([2, 5, 3]), { constant: positions([], [-2]) }], attributes: { axis: -2 } },
  { inputs: [uniform([2, 5, 3]), list(2)], attributes: { axis: -1 } },
];

export const selectionCases: Cases = {
  Slice: slices.map((ranges) => ({ inputs: [uniform([4, 7, 3]), ...ranges], attributes: {} })),
  Pad: pads.map((settings) => ({ inputs: [uniform([3, 4]), ...settings], attributes: {} })),
  Gather: gathers,
  GatherElements: [
    { inputs: [uniform([3, 4]), positions([2, 4], [0, 1, 2, 0, 0, 2, 2, 1])], attributes: {} },
    { inputs: [uniform([3, 4]), positions([3, 2], [0, 0, 3, -1, 1, 2])], attributes: { axis: -1 } },
  ],
  // Without `add`, positions must not repeat.
  ScatterElements: [
    {
      inputs: [uniform([3, 4]), positions([2, 3], [0, 1, 2, 2, 1, 2]), uniform([2, 3])],
      attributes: { reduction: 'add' },
    },
    {
      inputs: [uniform([3, 4]), positions([3, 2], [0, 0, 3, -1, 1, 2]), uniform([3, 2])],
      attributes: { axis: 1, reduction: 'add' },
    },
    { inputs: [uniform([3, 4]), positions([2, 3], [0, 1, 2, 2, 0, 1]), uniform([2, 3])], attributes: {} },
    {
      inputs: [uniform([3, 4]), positions([3, 2], [0, 1, 3, -2, 1, 2]), uniform([3, 2])],
      attributes: { axis: -1, reduction: 'none' },
    },
  ],
  Resize: [
    [1, 1, 2, 3],
    [1, 1, 1, 2],
    [1, 1, 1, 1],
  ].map((scales) => ({
    inputs: [uniform([2, 3, 2, 4], -2, 2, 'float32'), undefined, { constant: floats([4], scales) }],
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    step: 1,
  })),
};
