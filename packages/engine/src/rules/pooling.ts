import { tensor } from '../graph/tensor.ts';
import type { Node, Value } from '../graph/value.ts';
import { sizesOf, type Build } from './build.ts';
import { beyondOf, geometryOf, productOf, type Geometry } from './convolution/window.ts';
import { firstOutputRule, linear, type RuleTable } from './rule.ts';

/** Positions of the maxima; found again where the forward node did not keep them. */
function positions({ attributes, outputs }: Node<'MaxPool'>, build: Build, x: () => Value, kept: () => Value): Value {
  return outputs.length > 1 ? kept() : build.graph.emit('MaxPool', [x()], 2, attributes)[1]!;
}

/** How many elements each window averages over along one axis; `pads` counts those of the padding too. */
function coverage(geometry: Geometry, axis: number, pads: readonly [number, number]): number[] {
  const { kernel, strides, before, inputSizes, outputSizes } = geometry;
  return Array.from({ length: outputSizes[axis]! }, (_, at) => {
    const start = at * strides[axis]! - before[axis]!;
    return Math.min(start + kernel[axis]!, inputSizes[axis]! + pads[1]) - Math.max(start, -pads[0]);
  });
}

/** 1 / the number of elements that each window averages over, [1, 1, ...output sizes]; a number where all agree. */
function shares(node: Node<'AveragePool'>, build: Build, geometry: Geometry): Value | number {
  const { count_include_pad: padsCount = 0, pads } = node.attributes;
  const rank = geometry.kernel.length;
  const counts = geometry.kernel.map((_, axis) =>
    coverage(geometry, axis, padsCount === 1 && pads ? [pads[axis]!, pads[axis + rank]!] : [0, 0]),
  );
  const table = counts.reduce<number[]>((left, right) => left.flatMap((a) => right.map((b) => a * b)), [1]);
  if (table.every((count) => count === table[0])) return 1 / table[0]!;
  const content = tensor(node.outputs[0]!.type === 'float64' ? 'float64' : 'float32', [1, 1, ...geometry.outputSizes]);
  table.forEach((count, at) => (content.data[at] = 1 / count));
  return build.graph.constant(content);
}

/** Each window's gradient shared out evenly: the input gradient of a depthwise convolution whose weights are all 1. */
function averaged(dy: Value, build: Build, node: Node<'AveragePool'>): Value {
  const x = sizesOf(node.inputs[0]!);
  const channels = x[1]!;
  const geometry = { ...geometryOf(node.attributes, x, sizesOf(dy)), group: channels };
  const { kernel } = geometry;
  const ones = tensor('float32', [channels, 1, ...kernel]);
  ones.data.fill(1);
  const weights = build.cast(build.graph.constant(ones), dy.type);
  const { strides, before } = geometry;
  // Windows of a last, incomplete row reach further than the padding says.
  const after = beyondOf(geometry).map((count) => Math.max(0, count));
  const window = { kernel_shape: kernel, strides, pads: [...before, ...after], group: channels };
  return build.graph.op('ConvInputGradient', [build.mul(dy, shares(node, build, geometry)), weights], {
    ...window,
    input_sizes: x.slice(2),
  });
}

export const pooling = {
  // Each gradient is added where its maximum came from; windows may overlap.
  MaxPool: firstOutputRule({ inputs: [0], outputs: [1] }, ({ node, build, input, output, gradientOfOutput }) => {
    const [shape, dy] = [sizesOf(node.inputs[0]!), gradientOfOutput(0)];
    const indices = positions(
      node,
      build,
      () => input(0),
      () => output(1),
    );
    const flat = build.reshape(indices, [productOf(sizesOf(indices))]);
    const updates = build.reshape(dy, [productOf(sizesOf(dy))]);
    // Zeros that come from a run-time value: a constant of this size would stay in memory for good.
    const one = build.slice(flat, [0], [0], [1], [1]);
    const zeros = build.expand(build.cast(build.sub(one, one), dy.type), [productOf(shape)]);
    const scattered = build.graph.op('ScatterElements', [zeros, flat, updates], { axis: 0, reduction: 'add' });
    return [build.reshape(scattered, shape)];
  }),
  AveragePool: linear(averaged),
  // The walk repeats the share over the map.
  GlobalAveragePool: linear((dy, build, { inputs }) => build.mul(dy, 1 / productOf(sizesOf(inputs[0]!).slice(2)))),
} satisfies Partial<RuleTable>;
