import type { Graph } from '../graph/graph.ts';
import type { Node, Value } from '../graph/value.ts';
import { Build, sizesOf } from '../rules/build.ts';

/**
 * Batch statistics in primitives (Ioffe and Szegedy 2015, algorithm 1). The variance is taken of the centred values,
 * as PyTorch does: the mean of the squares less the square of the mean loses all digits when the mean is large.
 * x [N, C, ...], scale [C], bias [C] -> y, mean [C], variance [C], 1 / sqrt(variance + epsilon) [C]
 */
export function lowerBatchNormalization(
  graph: Graph,
  { name, inputs: originals, outputs, attributes }: Node<'BatchNormalizationTraining'>,
  [x, scale, bias]: readonly Value[],
): readonly Value[] {
  return graph.within(`${name}/lowered`, () => {
    const build = new Build(graph);
    const axes = x!.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    const channels = [1, sizesOf(originals[1]!)[0]!, ...axes.slice(1).map(() => 1)];
    const named = (index: number, type: 'Add' | 'Identity', inputs: readonly Value[]): Value => {
      const names = outputs[index] && { node: index === 0 ? name : `${name}:${index}`, outputs: [outputs[index].name] };
      return names === undefined ? graph.op(type, inputs) : graph.place(names, type, inputs, {})[0]!;
    };
    const mean = build.mean(x!, axes, 0);
    const centred = build.sub(x!, build.reshape(mean, channels));
    const variance = build.mean(build.square(centred), axes, 0);
    const r = build.reciprocalRoot(build.add(variance, attributes.epsilon));
    const slope = build.reshape(build.mul(scale!, r), channels);
    const y = named(0, 'Add', [build.mul(centred, slope), build.reshape(bias!, channels)]);
    return [y, named(1, 'Identity', [mean]), named(2, 'Identity', [variance]), named(3, 'Identity', [r])];
  });
}
