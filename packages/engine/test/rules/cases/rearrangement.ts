import { list, uniform, type Cases } from './case.ts';

export const rearrangementCases: Cases = {
  Reshape: [list(4, 6), list(0, -1), list(24), list(2, 1, 12)].map((shape) => ({
    inputs: [uniform([2, 3, 4]), shape],
    attributes: {},
  })),
  Flatten: [{}, { axis: 0 }, { axis: 2 }, { axis: 3 }, { axis: -1 }].map((attributes) => ({
    inputs: [uniform([2, 3, 4])],
    attributes,
  })),
  Transpose: [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
    [2, 1, 0],
  ].map((perm) => ({ inputs: [uniform([2, 3, 4])], attributes: { perm } })),
  Squeeze: [[], [list(0)], [list(-2, 0)]].map((axes) => ({
    inputs: [uniform([1, 3, 1, 2]), ...axes],
    attributes: {},
  })),
  Unsqueeze: [list(0), list(-1), list(1, 3)].map((axes) => ({ inputs: [uniform([3, 2]), axes], attributes: {} })),
  Expand: [
    { inputs: [uniform([3, 1]), list(2, 3, 4)], attributes: {} },
    { inputs: [uniform([3, 4]), list(3, 1)], attributes: {} },
    { inputs: [uniform([]), list(2, 2)], attributes: {} },
  ],
  Concat: [
    { inputs: [uniform([2, 3]), uniform([2, 1]), uniform([2, 2])], attributes: { axis: 1 } },
    { inputs: [uniform([2, 3]), uniform([2, 1])], attributes: { axis: -1 } },
    { inputs: [uniform([2, 3]), uniform([1, 3], 0, 1)], attributes: { axis: 0 } },
    { inputs: [uniform([2, 3])], attributes: { axis: 0 } },
    // Only one part is wanted: it is cut out alone.
    { inputs: [uniform([2, 3]), uniform([2, 4])], attributes: { axis: 1 }, fixed: [0] },
  ],
  Split: [
    { inputs: [uniform([5, 2]), list(1, 3, 1)], attributes: {}, count: 3 },
    { inputs: [uniform([2, 4]), list(2, 2)], attributes: { axis: -1 }, count: 2 },
  ],
};
