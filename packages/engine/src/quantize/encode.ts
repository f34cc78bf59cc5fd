/** @file A graph with some of its layers in integers, as a model file. */
import type { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { EncodeOptions } from '../proto/encode.ts';
import { encodeIntegers, type StoredConstant } from '../proto/encode-integers.ts';
import {
  activationScale,
  integerBias,
  integerWeights,
  scalesForBias,
  type Range,
  type WeightOptions,
} from './integers.ts';
import { integerValues, type IntegerLayer } from './layers.ts';

export interface QuantizeOptions extends EncodeOptions, Omit<WeightOptions, 'axis'> {}

/** Operators whose weights the runtime would quantize by itself. */
const weighted: ReadonlySet<OperatorType> = new Set(['Conv', 'ConvTranspose', 'Gemm'] satisfies OperatorType[]);

/**
 * The bytes of an ONNX model in QDQ form.
 * @param graph with its batch norms folded
 * @param layers those of the graph that compute in integers
 * @param ranges of all values that are stored in 8 bits, by name; ranges of others are ignored
 */
export function encodeQuantized(
  graph: Graph,
  layers: readonly IntegerLayer[],
  ranges: ReadonlyMap<string, Range>,
  { perChannel, range, ...options }: QuantizeOptions = {},
): Uint8Array {
  const activations = new Map(
    [...integerValues(graph, layers)].map(([value, steps]) => {
      const observed = ranges.get(steps.name);
      if (observed === undefined) throw new RangeError(`the value '${steps.name}' was not observed`);
      return [value.name, activationScale(observed)];
    }),
  );
  const constants = layers.flatMap(({ input, weight, bias, axis }): StoredConstant[] => {
    const scale = activations.get(input.name)!;
    const floor = bias && scalesForBias(bias.constant, scale);
    const settings = { axis, ...(perChannel !== undefined && { perChannel }), ...(range !== undefined && { range }) };
    const weights = integerWeights(weight.constant, settings, floor);
    const stored = { name: weight.name, ...weights };
    return bias === undefined
      ? [stored]
      : [stored, { name: bias.name, axis: 0, ...integerBias(bias.constant, scale, weights.scales) }];
  });
  const integer = new Set(layers.map(({ node }) => node));
  const float = graph.nodes.filter((node) => weighted.has(node.type) && !integer.has(node)).map(({ name }) => name);
  return encodeIntegers(graph, { activations, constants, float: new Set(float) }, options);
}
