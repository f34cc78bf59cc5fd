import { uniform, type Cases } from './case.ts';

const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3],
    [3, 4],
  ],
  [[3], [3]],
  [[3], [3, 4]],
  [[2, 3], [3]],
  // Batches: equal, on one side, broadcast against each other, vectors against batches.
  [
    [5, 2, 3],
    [5, 3, 4],
  ],
  [
    [5, 2, 3],
    [3, 4],
  ],
  [
    [2, 3],
    [5, 3, 4],
  ],
  [
    [2, 5, 2, 3],
    [5, 3, 4],
  ],
  [
    [2, 1, 2, 3],
    [1, 5, 3, 4],
  ],
  [[3], [5, 3, 4]],
  [[5, 2, 3], [3]],
];

const flags = [0, 1] as const;
const gemms = flags.flatMap((transA) => flags.map((transB) => ({ transA, transB })));

export const linearCases: Cases = {
  MatMul: pairs.map(([a, b]) => ({ inputs: [uniform(a), uniform(b)], attributes: {} })),
  Gemm: [
    ...gemms.flatMap(({ transA, transB }) =>
      [{}, { alpha: 0.7, beta: -1.3 }].flatMap((factors) =>
        [undefined, [], [4], [2, 1], [2, 4]].map((bias) => ({
          inputs: [
            uniform(transA === 1 ? [3, 2] : [2, 3]),
            uniform(transB === 1 ? [4, 3] : [3, 4]),
            bias && uniform(bias, -1, 1),
          ],
          attributes: { transA, transB, ...factors },
        })),
      ),
    ),
    { inputs: [uniform([2, 3]), uniform([3, 4])], attributes: {} },
  ],
};
