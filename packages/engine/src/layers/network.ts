import { EngineError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { expectTensor, sizeOf, type TensorMap } from '../graph/tensor.ts';
import type { Block, Value } from '../graph/value.ts';
import type { Random } from '../random.ts';
import type { Initializer, ParameterSpec } from './initializers.ts';

/** Numbers drawn anew for each training step and fed to the graph, e.g. a dropout mask. */
export interface Noise {
  readonly value: Value;
  readonly draw: (random: Random) => number;
}

/** What a training step finds for a running statistic, which then becomes kept x itself + fresh x newest. */
export interface Observation {
  readonly newest: Value;
  readonly kept: number;
  readonly fresh: number;
}

export interface NetworkOptions {
  /** Batch statistics and dropout on (true) or off (false). */
  readonly training: boolean;
  /** Numbers to build in as constants. Without them parameters are inputs of the graph. */
  readonly parameters?: TensorMap;
  /** Which parameters and running statistics stay as they are. */
  readonly frozen?: (name: string) => boolean;
  /** Put before the names of parameters in the graph, so that several networks fit into one; default none. */
  readonly prefix?: string;
}

/**
 * A network under construction: a graph, and what the layers declare while they append to it. Parameters are graph
 * inputs, or constants when their numbers are given; names and shapes are PyTorch's, so that published weights fit.
 */
export class Network {
  readonly graph: Graph;
  readonly training: boolean;
  readonly frozen: (name: string) => boolean;
  readonly specs: ParameterSpec[] = [];
  /** Values of the parameters, by name. */
  readonly parameters = new Map<string, Value>();
  /** Of running statistics, by name. */
  readonly observations = new Map<string, Observation>();
  /** By the name of the graph input that they are fed to. */
  readonly noises = new Map<string, Noise>();
  readonly blocks: Block[] = [];
  readonly #numbers: TensorMap | undefined;
  readonly #prefix: string;

  constructor(graph: Graph, { training, parameters, frozen = () => false, prefix = '' }: NetworkOptions) {
    this.graph = graph;
    this.training = training;
    this.frozen = frozen;
    this.#numbers = parameters;
    this.#prefix = prefix;
  }

  /**
   * Declares a float32 parameter.
   * @param options.trainable default true; @param options.decay default: true for two dimensions or more
   * @throws EngineError INVALID_GRAPH when the name is taken; INVALID_ARGUMENT when the given numbers do not fit
   */
  parameter(
    name: string,
    shape: readonly number[],
    initializer: Initializer,
    { trainable = true, decay = shape.length > 1 }: { readonly trainable?: boolean; readonly decay?: boolean } = {},
  ): Value {
    const graphName = `${this.#prefix}${name}`;
    const value =
      this.#numbers === undefined
        ? this.graph.input(graphName, 'float32', shape)
        : this.graph.constant(expectTensor(this.#numbers, name, 'float32', shape), graphName);
    this.specs.push({ name, shape, initializer, trainable, decay: trainable && decay });
    this.parameters.set(name, value);
    return value;
  }

  /**
   * Builds a part whose inside can be computed again from its input: a residual block, a layer of a transformer. Blocks
   * follow one another; one that stands in another is a part of it.
   */
  block(input: Value, body: (input: Value) => Value): Value {
    const [first, blocks] = [this.graph.nodes.length, this.blocks.length];
    const output = body(input);
    this.blocks.splice(blocks, Infinity, { input, nodes: this.graph.nodes.slice(first) });
    return output;
  }

  /** Lets a running statistic follow what each training step finds. */
  observe(name: string, observation: Observation): void {
    if (!this.parameters.has(name)) throw new EngineError('INVALID_GRAPH', `there is no parameter '${name}' to update`);
    this.observations.set(name, observation);
  }

  /** A float32 input that is filled from a seeded stream at each training step. */
  noise(name: string, shape: readonly number[], draw: Noise['draw']): Value {
    const value = this.graph.input(name, 'float32', shape);
    this.noises.set(name, { value, draw });
    return value;
  }
}

/** How many numbers training can change. */
export function parameterCount(specs: Iterable<ParameterSpec>): number {
  let count = 0;
  for (const { shape, trainable } of specs) count += trainable ? sizeOf(shape) : 0;
  return count;
}
