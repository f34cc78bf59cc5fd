import type { Graph } from '../graph/graph.ts';
import type { Node, Value } from '../graph/value.ts';
import { affine, perChannel } from '../rules/affine.ts';
import { Build } from '../rules/build.ts';

/**
 * Batch statistics in primitives (Ioffe and Szegedy 2015, algorithm 1). The variance is taken of the centred values,
 * as PyTorch does: the mean of the squares less the square of the mean loses all digits when the mean is large.
 * x [N, C, ...], scale [C], bias [C] -> y, mean [C], variance [C], 1 / sqrt(variance + epsilon) [C]
 */
export function lowerBatchNormalization(
  graph: Graph,
  { name, outputs, attributes }: Node<'BatchNormalizationTraining'>,
  [x, scale, bias]: readonly [Value, Value, Value],
): readonly Value[] {
  const made = graph.within(`${name}/lowered`, () => {
    const build = new Build(graph);
    const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    const mean = build.mean(x, axes, 0);
    // The gradient rule spells the centred values the same way, so that the runtime finds that they are there already.
    const centred = build.sub(x, perChannel(build, mean, x));
    const variance = build.mean(build.square(centred), axes, 0);
    const r = build.reciprocalRoot(build.add(variance, attributes.epsilon));
    return [affine(build, centred, build.mul(scale, r), bias), mean, variance, r];
  });
  return outputs.map((output, index) => {
    const names = { node: index === 0 ? name : `${name}:${index}`, outputs: [output.name] };
    return graph.place(names, 'Identity', [made[index]!], {})[0]!;
  });
}
