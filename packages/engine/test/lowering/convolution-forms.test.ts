import { describe, expect, test } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import { tensor, type Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { Build } from '../../src/rules/build.ts';
import {
  flipped,
  inputGradientForm,
  pointwise as pointwiseInput,
  transposed,
} from '../../src/lowering/plain/input-gradient.ts';
import {
  convolution,
  depthwise,
  offsets,
  pointwise,
  weightGradientForm,
} from '../../src/lowering/plain/weight-gradient.ts';
import { geometryOf, type Geometry } from '../../src/rules/convolution/window.ts';
import { evaluate } from '../../src/runtime/session.ts';
import { expectClose } from '../../src/testing/closeness.ts';
import { uniform } from '../rules/cases/case.ts';

interface Setting {
  readonly x: readonly [number, number, number, number];
  readonly w: readonly [number, number, number, number];
  readonly strides?: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly pads?: readonly [number, number, number, number];
  readonly group?: number;
}

const settings: readonly Setting[] = [
  { x: [2, 3, 5, 6], w: [4, 3, 1, 1] },
  { x: [2, 3, 5, 6], w: [4, 3, 1, 1], strides: [2, 3] },
  { x: [2, 3, 5, 6], w: [4, 3, 3, 2], pads: [1, 1, 1, 0] },
  { x: [2, 3, 8, 7], w: [4, 3, 3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  { x: [2, 3, 9, 8], w: [4, 3, 2, 2], strides: [3, 3] },
  { x: [2, 3, 9, 9], w: [4, 3, 3, 3], dilations: [2, 3], strides: [1, 2], pads: [2, 1, 2, 3] },
  { x: [2, 6, 6, 6], w: [4, 3, 3, 3], group: 2, strides: [2, 1], pads: [0, 0, 1, 1] },
  { x: [2, 4, 6, 7], w: [4, 1, 3, 3], group: 4, strides: [2, 2], pads: [0, 0, 1, 1] },
  { x: [2, 4, 6, 7], w: [8, 1, 3, 3], group: 4, pads: [1, 1, 1, 1] },
  { x: [2, 4, 6, 7], w: [4, 1, 5, 5], group: 4, pads: [2, 2, 2, 2] },
];

/** The definition, in float64: what dy [N, O, H', W'] at each place adds to dx and dw. */
function reference(x: Tensor, w: Tensor, dy: Tensor, { strides, dilations, before, group }: Geometry) {
  const [N, C, H, W] = x.shape as [number, number, number, number];
  const [O, D, K, L] = w.shape as [number, number, number, number];
  const [, , P, Q] = dy.shape as [number, number, number, number];
  const [dx, dw] = [tensor('float64', x.shape), tensor('float64', w.shape)];
  let at = -1;
  for (let n = 0; n < N; n += 1)
    for (let o = 0; o < O; o += 1)
      for (let p = 0; p < P; p += 1)
        for (let q = 0; q < Q; q += 1) {
          const g = Number(dy.data[(at += 1)]);
          for (let d = 0; d < D; d += 1)
            for (let k = 0; k < K; k += 1)
              for (let l = 0; l < L; l += 1) {
                const h = p * strides[0]! + k * dilations[0]! - before[0]!;
                const v = q * strides[1]! + l * dilations[1]! - before[1]!;
                if (h < 0 || h >= H || v < 0 || v >= W) continue;
                const c = Math.floor(o / (O / group)) * D + d;
                const [xAt, wAt] = [((n * C + c) * H + h) * W + v, ((o * D + d) * K + k) * L + l];
                dx.data[xAt]! += g * Number(w.data[wAt]);
                dw.data[wAt]! += g * Number(x.data[xAt]);
              }
        }
  return { dx, dw };
}

describe.each(settings)('x $x, w $w, strides $strides, dilations $dilations, pads $pads, group $group', (setting) => {
  const { x: xShape, w: wShape, group = 1, ...window } = setting;
  const attributes = { kernel_shape: wShape.slice(2), group, ...window };
  const graph = new Graph();
  const [x, w] = [graph.input('x', 'float32', xShape), graph.input('w', 'float32', wShape)];
  const outputShape = graph.op('Conv', [x, w], attributes).shape as number[];
  const feeds = {
    x: uniform(xShape, -1, 1, 'float32'),
    w: uniform(wShape, -1, 1, 'float32'),
    dy: uniform(outputShape, -1, 1, 'float32'),
  };
  const geometry = geometryOf(attributes, xShape, outputShape);
  const expected = reference(feeds.x, feeds.w, feeds.dy, geometry);

  async function run(form: (build: Build, a: Value, b: Value, geometry: Geometry) => Value, first: 'x' | 'w') {
    const graph = new Graph();
    const dy = graph.input('dy', 'float32', outputShape);
    const other = graph.input(first, 'float32', feeds[first].shape);
    const build = new Build(graph);
    graph.output(first === 'x' ? form(build, other, dy, geometry) : form(build, dy, other, geometry), 'result');
    return (await evaluate(graph, { dy: feeds.dy, [first]: feeds[first] })).result!;
  }

  const unstrided = setting.strides === undefined;
  const point = wShape[2] === 1;
  const inputForms = { transposed, ...(unstrided ? { flipped } : {}), ...(point ? { pointwise: pointwiseInput } : {}) };
  test.each(Object.entries(inputForms))('input gradient, %s', async (_, form) => {
    expectClose(await run(form, 'w'), expected.dx, 2e-6);
  });

  const channelwise = group === xShape[1] && group === wShape[0];
  const weightForms = { offsets, convolution, ...(point ? { pointwise } : {}), ...(channelwise ? { depthwise } : {}) };
  test.each(Object.entries(weightForms))('weight gradient, %s', async (_, form) => {
    expectClose(await run(form, 'x'), expected.dw, 2e-6);
  });
});

describe('the form by shape', () => {
  const form = (x: readonly number[], o: number, kernel: number, stride: number, group = 1) => {
    const size = Math.floor((x[2]! - 1) / stride) + 1;
    const dy = [x[0]!, o, size, size];
    const pad = (kernel - 1) / 2;
    const attributes = {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      group,
    };
    const geometry = geometryOf(attributes, x, dy);
    return [inputGradientForm(geometry), weightGradientForm(geometry, x[1]!, o)];
  };

  test.each([
    { layer: 'stem', of: form([16, 3, 224, 224], 64, 7, 2), expected: ['transposed', 'convolution'] },
    { layer: '3 x 3, large map', of: form([16, 64, 56, 56], 64, 3, 1), expected: ['flipped', 'offsets'] },
    { layer: '3 x 3, small map', of: form([16, 256, 14, 14], 256, 3, 1), expected: ['transposed', 'offsets'] },
    { layer: '3 x 3, stride 2', of: form([16, 128, 56, 56], 128, 3, 2), expected: ['transposed', 'offsets'] },
    { layer: '1 x 1', of: form([16, 64, 56, 56], 256, 1, 1), expected: ['flipped', 'pointwise'] },
    { layer: '1 x 1 on 7 x 7', of: form([16, 512, 7, 7], 2048, 1, 1), expected: ['flipped', 'offsets'] },
    { layer: '1 x 1, stride 2', of: form([16, 256, 56, 56], 512, 1, 2), expected: ['pointwise', 'pointwise'] },
    { layer: 'depthwise', of: form([16, 96, 56, 56], 96, 3, 1, 96), expected: ['flipped', 'depthwise'] },
    { layer: 'depthwise, stride 2', of: form([16, 96, 56, 56], 96, 3, 2, 96), expected: ['transposed', 'depthwise'] },
    { layer: '32 groups', of: form([16, 128, 56, 56], 128, 3, 1, 32), expected: ['flipped', 'convolution'] },
  ])('$layer', ({ of, expected }) => {
    expect(of).toEqual(expected);
  });
});
