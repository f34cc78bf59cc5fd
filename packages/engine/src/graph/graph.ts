import { EngineError } from '../errors.ts';
import { inferOutputs } from '../shapes/infer.ts';
import type { OperatorAttributes, OperatorType } from './operators.ts';
import { int64s, tensor, type DataType, type Tensor } from './tensor.ts';
import type { AnyNode, Node, Shape, Value } from './value.ts';

type AttributesArgument<T extends OperatorType> =
  Record<never, never> extends OperatorAttributes[T]
    ? [attributes?: OperatorAttributes[T]]
    : [attributes: OperatorAttributes[T]];

/**
 * A graph under construction, in topological order because a node can only be appended after its inputs exist.
 * Every value gets its type and shape when it is made; a graph that does not fit together fails at that line.
 * Names are deterministic: the scope, the operator and a counter.
 */
export class Graph {
  readonly inputs: Value[] = [];
  readonly constants: Value[] = [];
  readonly nodes: AnyNode[] = [];
  readonly outputs: Value[] = [];
  readonly #names = new Set<string>();
  readonly #counters = new Map<string, number>();
  readonly #constantsByContent = new Map<string, Value>();
  #scope = '';

  /** A value fed at each run. @throws EngineError INVALID_GRAPH when the name is taken */
  input(name: string, type: DataType, shape: Shape): Value {
    const value: Value = { name: this.#claim(name), type, shape };
    this.inputs.push(value);
    return value;
  }

  /** A value whose numbers are part of the graph. Equal small constants without a name are stored once. */
  constant(content: Tensor, name?: string): Value {
    const key = name === undefined && content.data.length <= 64 ? contentKey(content) : undefined;
    const known = key === undefined ? undefined : this.#constantsByContent.get(key);
    if (known !== undefined) return known;
    const value: Value = {
      name: name === undefined ? this.freshName('constant') : this.#claim(name),
      type: content.type,
      shape: content.shape,
      constant: content,
    };
    this.constants.push(value);
    if (key !== undefined) this.#constantsByContent.set(key, value);
    return value;
  }

  /** A constant of shape []. */
  scalar(value: number, type: 'float32' | 'float64' = 'float32'): Value {
    return this.constant(
      type === 'float32' ? tensor(type, [], Float32Array.of(value)) : tensor(type, [], Float64Array.of(value)),
    );
  }

  /** A constant int64 list: axes, a shape, positions. */
  integers(values: readonly number[]): Value {
    return this.constant(int64s(values));
  }

  /** Appends a node with one output and returns that output. @throws EngineError SHAPE_MISMATCH */
  op<T extends OperatorType>(
    type: T,
    inputs: readonly (Value | undefined)[],
    ...[attributes]: AttributesArgument<T>
  ): Value {
    return this.emit(type, inputs, 1, attributes as OperatorAttributes[T])[0]!;
  }

  /** Appends a node with `count` outputs. @throws EngineError SHAPE_MISMATCH */
  emit<T extends OperatorType>(
    type: T,
    inputs: readonly (Value | undefined)[],
    count: number,
    ...[attributes]: AttributesArgument<T>
  ): readonly Value[] {
    const name = this.freshName(type);
    const outputs = Array.from({ length: count }, (_, index) => (index === 0 ? `${name}:out` : `${name}:out${index}`));
    return this.#append(name, type, inputs, outputs, attributes ?? ({} as OperatorAttributes[T]));
  }

  /**
   * Appends a node whose names are given: how a graph read from a file keeps its own.
   * @throws EngineError SHAPE_MISMATCH; INVALID_GRAPH when a name is taken
   */
  place<T extends OperatorType>(
    names: { readonly node: string; readonly outputs: readonly string[] },
    type: T,
    inputs: readonly (Value | undefined)[],
    attributes: OperatorAttributes[T],
  ): readonly Value[] {
    return this.#append(this.#claim(names.node), type, inputs, names.outputs, attributes);
  }

  /** Marks a value as an output of the graph, under a name of its own when one is given. */
  output(value: Value, name?: string): Value {
    if (name === undefined || name === value.name) {
      this.outputs.push(value);
      return value;
    }
    const named: Value = { name: this.#claim(name), type: value.type, shape: value.shape };
    const node: Node<'Identity'> = {
      name: this.freshName('output'),
      type: 'Identity',
      inputs: [value],
      outputs: [named],
      attributes: {},
    };
    this.nodes.push(node);
    this.outputs.push(named);
    return named;
  }

  /** Names what `body` builds under `scope`, e.g. `layer1/0/conv1`. Scopes nest. */
  within<R>(scope: string, body: () => R): R {
    const outer = this.#scope;
    this.#scope = outer === '' ? scope : `${outer}/${scope}`;
    try {
      return body();
    } finally {
      this.#scope = outer;
    }
  }

  /** A name not used yet in this graph: scope, hint, counter. */
  freshName(hint: string): string {
    const stem = this.#scope === '' ? hint : `${this.#scope}/${hint}`;
    for (;;) {
      const count = this.#counters.get(stem) ?? 0;
      this.#counters.set(stem, count + 1);
      const name = `${stem}_${count}`;
      if (!this.#names.has(name)) return this.#claim(name);
    }
  }

  #append<T extends OperatorType>(
    name: string,
    type: T,
    inputs: readonly (Value | undefined)[],
    outputNames: readonly string[],
    attributes: OperatorAttributes[T],
  ): readonly Value[] {
    const inferred = inferOutputs(name, type, inputs, attributes, outputNames.length);
    const outputs = inferred.map(({ type, shape }, index): Value => {
      return { name: this.#claim(outputNames[index]!), type, shape };
    });
    const node: Node<T> = { name, type, inputs, outputs, attributes };
    this.nodes.push(node as AnyNode);
    return outputs;
  }

  #claim(name: string): string {
    if (name === '' || this.#names.has(name)) throw new EngineError('INVALID_GRAPH', `the name '${name}' is taken`);
    this.#names.add(name);
    return name;
  }
}

/** Equal for constants of the same type, shape and numbers. */
export function contentKey({ type, shape, data }: Tensor): string {
  return `${type}[${shape.join()}]${Array.from<number | bigint>(data)
    .map((x) => (Object.is(x, -0) ? '-0' : String(x)))
    .join()}`;
}
