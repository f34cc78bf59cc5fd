/**
 * @file Models whose layers compute in integers, in the form runtimes agree on (QDQ): QuantizeLinear and
 * DequantizeLinear mark what is stored in 8 bits, and the runtime puts its integer kernels in place of a layer
 * between them; one that has none computes in float32 with the same rounded numbers.
 */
import type { Graph } from '../graph/graph.ts';
import { tensor, type Tensor } from '../graph/tensor.ts';
import { modelMessage, type EncodeOptions } from './encode.ts';
import { writeModelMessage, type NodeMessage, type TensorMessage } from './messages.ts';
import { tensorMessage } from './tensors.ts';

/** A constant in integers: real = scale of its channel * integer. */
export interface StoredConstant {
  /** The constant's name in the graph, which it keeps. */
  readonly name: string;
  readonly content: Tensor<'int8'> | Tensor<'int32'>;
  readonly scales: Float32Array;
  readonly axis: number;
}

export interface Storage {
  /** Scale and zero point of values kept in uint8, by name. */
  readonly activations: ReadonlyMap<string, Steps>;
  readonly constants: readonly StoredConstant[];
  /** Names of layers that must compute in float32 although what they read and give is kept in uint8. */
  readonly float: ReadonlySet<string>;
}

type Steps = { readonly scale: number; readonly zeroPoint: number };

/** @throws EngineError as encodeModel */
export function encodeIntegers(graph: Graph, storage: Storage, options: EncodeOptions = {}): Uint8Array {
  const message = modelMessage(graph, options);
  const stored = new Map(storage.constants.map((constant) => [constant.name, constant]));
  const parts = storage.constants.map(constantParts);
  const scales = new Scales();
  const reads = (name: string): string => (stored.has(name) || storage.activations.has(name) ? `${name}:real` : name);
  const roundings = (names: readonly string[]): NodeMessage[] =>
    names.flatMap((name) => {
      const activation = storage.activations.get(name);
      return activation === undefined ? [] : rounding(name, scales.of(activation));
    });
  const nodes = (message.graph.node ?? []).flatMap((node) => {
    const guard = storage.float.has(node.name ?? '') ? scales.guard(node, storage.activations) : undefined;
    const [first = '', ...rest] = node.input ?? [];
    const read = { ...node, input: [guard?.output?.[0] ?? reads(first), ...rest.map(reads)] };
    return [...(guard === undefined ? [] : [guard]), read, ...roundings(node.output ?? [])];
  });
  const inputs = roundings(graph.inputs.map(({ name }) => name));
  const others = (message.graph.initializer ?? []).filter(({ name = '' }) => !stored.has(name));
  return writeModelMessage({
    ...message,
    graph: {
      ...message.graph,
      node: [...parts.map(({ node }) => node), ...inputs, ...nodes],
      initializer: [...others, ...parts.flatMap(({ tensors }) => tensors), ...scales.tensors],
    },
  });
}

/** Scales and zero points of activations; values in the same steps share them. */
class Scales {
  readonly tensors: TensorMessage[] = [];
  readonly #known = new Map<string, readonly [string, string]>();

  /** Names of the scale and of the zero point. */
  of({ scale, zeroPoint }: Steps): readonly [string, string] {
    const key = `${scale} ${zeroPoint}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const names = [`steps_${this.#known.size}:scale`, `steps_${this.#known.size}:zero`] as const;
    this.tensors.push(
      tensorMessage(names[0], tensor('float32', [], Float32Array.of(scale))),
      tensorMessage(names[1], tensor('uint8', [], Uint8Array.of(zeroPoint))),
    );
    this.#known.set(key, names);
    return names;
  }

  /**
   * A Clip before a layer, to the range its input has anyway. onnxruntime quantizes float32 weights of its own accord
   * (WeightBiasQuantization, one scale for a whole tensor) where a layer lies between DequantizeLinear and
   * QuantizeLinear; this keeps them apart.
   */
  guard({ name = '', input = [] }: NodeMessage, activations: Storage['activations']): NodeMessage | undefined {
    const steps = activations.get(input[0] ?? '');
    if (steps === undefined) return undefined;
    const bounds = ([0, 255] as const).map((integer) => {
      const bound = `${name}:${integer === 0 ? 'least' : 'greatest'}`;
      const value = Float32Array.of((integer - steps.zeroPoint) * steps.scale);
      this.tensors.push(tensorMessage(bound, tensor('float32', [], value)));
      return bound;
    });
    const read = [`${input[0]}:real`, ...bounds];
    return { name: `${name}:guard`, opType: 'Clip', input: read, output: [`${name}:guarded`] };
  }
}

/** value -> value:stored (uint8) -> value:real (float32) */
function rounding(name: string, steps: readonly [string, string]): NodeMessage[] {
  return [
    { name: `${name}:store`, opType: 'QuantizeLinear', input: [name, ...steps], output: [`${name}:stored`] },
    { name: `${name}:load`, opType: 'DequantizeLinear', input: [`${name}:stored`, ...steps], output: [`${name}:real`] },
  ];
}

function constantParts({ name, content, scales, axis }: StoredConstant): {
  node: NodeMessage;
  tensors: TensorMessage[];
} {
  return {
    node: {
      name: `${name}:load`,
      opType: 'DequantizeLinear',
      input: [name, `${name}:scale`],
      output: [`${name}:real`],
      attribute: [{ name: 'axis', type: 2, i: axis }],
    },
    tensors: [tensorMessage(name, content), tensorMessage(`${name}:scale`, tensor('float32', [scales.length], scales))],
  };
}
