import type { Node, Value } from '../graph/value.ts';
import { acrossChannels, perChannel, sizesOf, type Build } from './build.ts';
import { firstOutputRule, fromOutput, perInput, refuse, type Backward, type RuleTable } from './rule.ts';

/** Of batch statistics (Ioffe and Szegedy 2015, section 3). Lowering knows the formula. */
function batchStatistics({
  node,
  build,
  input,
  output,
  gradientOfOutput,
  wanted,
}: Backward<'BatchNormalizationTraining'>) {
  const dy = gradientOfOutput(0);
  if (!wanted(0) && !wanted(1)) return [undefined, undefined, build.sum(dy, acrossChannels(node.inputs[0]!), 0)];
  const operands = [dy, input(0), input(1), output(1), output(3)];
  return build.graph
    .emit('BatchNormalizationGradient', operands, 3)
    .map((gradient, index) => (wanted(index) ? gradient : undefined));
}

/** 1 / sqrt(variance + epsilon), [C] */
function inverseDeviation({ node, build, input }: Backward<'BatchNormalization'>): Value {
  return build.reciprocalRoot(build.add(input(4), Math.fround(node.attributes.epsilon ?? 1e-5)));
}

/** sum dy (x - mean), [C] */
function correlation({ build, input }: Backward<'BatchNormalization'>, dy: Value): Value {
  const x = input(0);
  return build.sum(build.mul(dy, build.sub(x, perChannel(build, input(3), x))), acrossChannels(x), 0);
}

/** The normalised axes of a LayerNormalization. */
function normalisedAxes({ inputs, attributes }: Node<'LayerNormalization'>): number[] {
  const rank = inputs[0]!.shape.length;
  const { axis = -1 } = attributes;
  const first = axis < 0 ? axis + rank : axis;
  return Array.from({ length: rank - first }, (_, at) => first + at);
}

/** x^ = (x - mean) r and r = 1 / sqrt(variance + epsilon), from the forward outputs where it has them. */
function standardised(backward: Backward<'LayerNormalization'>): { normal: Value; r: Value } {
  const { node, build, input, output } = backward;
  const x = input(0);
  if (node.outputs.length === 3) {
    return { normal: build.mul(build.sub(x, output(1)), output(2)), r: output(2) };
  }
  const axes = normalisedAxes(node);
  const centred = build.sub(x, build.mean(x, axes));
  const variance = build.mean(build.square(centred), axes);
  const r = build.reciprocalRoot(build.add(variance, Math.fround(node.attributes.epsilon ?? 1e-5)));
  return { normal: build.mul(centred, r), r };
}

/** mean(x weights) over the axes, which stay with size 1; over the last axis alone a product that keeps nothing between. */
function weightedMean(build: Build, x: Value, weights: Value, axes: readonly number[]): Value {
  // The runtime takes 1 / size into the product, as an attribute: in float32.
  if (axes.length > 1 || x.type !== 'float32') return build.mean(build.mul(x, weights), axes);
  const size = sizesOf(x).at(-1)!;
  const all = weights.shape.join() === String(size) ? weights : build.expand(weights, [size]);
  return build.matmul(x, build.mul(build.reshape(all, [size, 1]), 1 / size));
}

export const normalisation = {
  // y = scale (x - mean) r + bias with r = 1 / sqrt(variance + epsilon), everything but x per channel.
  BatchNormalization: perInput(
    { inputs: [0, 1, 3, 4] },
    (backward, dy) => {
      const { build, input, node } = backward;
      const slope = build.mul(input(1), inverseDeviation(backward));
      return build.mul(dy, perChannel(build, slope, node.inputs[0]!));
    },
    (backward, dy) => backward.build.mul(correlation(backward, dy), inverseDeviation(backward)),
    ({ build }, dy) => build.sum(dy, acrossChannels(dy), 0),
    (backward, dy) => {
      const { build, input } = backward;
      return build.neg(
        build.mul(build.sum(dy, acrossChannels(dy), 0), build.mul(input(1), inverseDeviation(backward))),
      );
    },
    (backward, dy) => {
      const { build, input } = backward;
      const r = inverseDeviation(backward);
      const slope = build.mul(build.mul(input(1), -0.5), build.mul(r, build.square(r)));
      return build.mul(correlation(backward, dy), slope);
    },
  ),
  BatchNormalizationTraining: firstOutputRule({ inputs: [0, 1], outputs: [1, 3] }, batchStatistics),
  BatchNormalizationGradient: refuse('the gradient of a gradient'),
  // y = x^ scale + bias (Ba, Kiros and Hinton 2016): with h = dy scale,
  // dx = r (h - mean h - x^ mean(h x^)), dscale = dy x^, dbias = dy, the last two summed by the walk.
  LayerNormalization: firstOutputRule({ inputs: [0, 1], outputs: [1, 2] }, (backward) => {
    const { node, build, input, gradientOfOutput, wanted } = backward;
    const dy = gradientOfOutput(0);
    if (!wanted(0) && !wanted(1)) return [undefined, undefined, dy];
    const { normal, r } = standardised(backward);
    const product = build.mul(dy, normal);
    const dx = (): Value => {
      const axes = normalisedAxes(node);
      const h = build.mul(dy, input(1));
      const drift = build.mul(normal, weightedMean(build, product, input(1), axes));
      return build.mul(build.sub(build.sub(h, build.mean(h, axes)), drift), r);
    };
    return [
      wanted(0) ? dx() : undefined,
      wanted(1) ? product : undefined,
      node.inputs[2] && wanted(2) ? dy : undefined,
    ];
  }),
  // dx = y (dy - sum dy y)
  Softmax: fromOutput((dy, y, build, { attributes }) => {
    const total = build.sum(build.mul(dy, y), [attributes.axis ?? -1]);
    return build.mul(y, build.sub(dy, total));
  }),
  // dx = dy - e^y sum dy
  LogSoftmax: fromOutput((dy, y, build, { attributes }) =>
    build.sub(dy, build.mul(build.exp(y), build.sum(dy, [attributes.axis ?? -1]))),
  ),
} satisfies Partial<RuleTable>;
