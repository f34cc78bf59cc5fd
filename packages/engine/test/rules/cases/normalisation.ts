import { uniform, type Cases } from './case.ts';

/** Statistics differ from channel to channel; variances are positive. */
export const normalisationCases: Cases = {
  BatchNormalization: [
    [2, 3],
    [2, 3, 4],
    [2, 3, 2, 2],
  ].flatMap((shape) =>
    [{}, { epsilon: 0.1 }].map((attributes) => ({
      inputs: [uniform(shape), uniform([3]), uniform([3], -1, 1), uniform([3], 0, 1), uniform([3], 0.5, 2)],
      attributes,
    })),
  ),
  BatchNormalizationTraining: [
    ...[
      [6, 3],
      [4, 3, 4],
      [2, 3, 4, 2],
      [2, 1, 3, 3],
    ].flatMap((shape) =>
      [1e-5, 0.1].map((epsilon) => ({
        inputs: [uniform(shape), uniform([shape[1]!]), uniform([shape[1]!], -1, 1)],
        attributes: { epsilon },
        count: 4,
      })),
    ),
    // Large maps in float32 have a form of their own.
    {
      inputs: [
        uniform([1, 2, 28, 30], -2, 2, 'float32'),
        uniform([2], 0, 1, 'float32'),
        uniform([2], -1, 1, 'float32'),
      ],
      attributes: { epsilon: 1e-5 },
      count: 4,
    },
  ],
  LayerNormalization: [
    ...[{}, { axis: 1 }, { axis: -2, epsilon: 0.1 }].map((attributes) => {
      const part = attributes.axis === undefined ? [4] : [3, 4];
      return { inputs: [uniform([2, 3, 4]), uniform(part), uniform(part, -1, 1)], attributes };
    }),
    { inputs: [uniform([2, 5]), uniform([5])], attributes: {} },
    // Mean and deviation kept by the forward node.
    {
      inputs: [uniform([2, 5], -2, 2, 'float32'), uniform([5], 0, 1, 'float32'), uniform([5], -1, 1, 'float32')],
      attributes: {},
      count: 3,
    },
  ],
  Softmax: [{}, { axis: 0 }, { axis: 1 }, { axis: -2 }].map((attributes) => ({
    inputs: [uniform([2, 3, 4])],
    attributes,
  })),
  LogSoftmax: [{}, { axis: 0 }, { axis: 1 }, { axis: -2 }].map((attributes) => ({
    inputs: [uniform([2, 3, 4])],
    attributes,
  })),
};
