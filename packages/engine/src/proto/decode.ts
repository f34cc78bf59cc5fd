import { EngineError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { floats, int64s, type Tensor } from '../graph/tensor.ts';
import type { Dimension, Value } from '../graph/value.ts';
import { adapted } from './adapters.ts';
import { isOperatorType } from './attributes.ts';
import {
  readModelMessage,
  type GraphMessage,
  type ModelMessage,
  type NodeMessage,
  type ValueInfoMessage,
} from './messages.ts';
import { readAttributes, typedAttributes, type RawAttributes } from './raw-attributes.ts';
import { dataTypeOf, shapeOf, tensorOfMessage } from './tensors.ts';
import { NEWEST_OPSET, readableSince } from './versions.ts';

export interface DecodedModel {
  readonly graph: Graph;
  /** The model's `metadata_props`. */
  readonly metadata: Record<string, string>;
  /** The version of ONNX's own operator set that the file was written for. */
  readonly operatorSet: number;
}

/**
 * A graph from the bytes of an ONNX model; names are kept. Large tensors may share the memory of `bytes`.
 * @throws EngineError INVALID_MODEL for bytes that are not a model the engine reads; UNKNOWN_OPERATOR naming operator,
 * node and operator set; SHAPE_MISMATCH for a node that does not fit its inputs
 */
export function decodeModel(bytes: Uint8Array): DecodedModel {
  try {
    const message = readModelMessage(bytes);
    const operatorSet = operatorSetOf(message);
    const { graph } = message;
    if (graph === undefined) throw new EngineError('INVALID_MODEL', 'there is no graph in the model');
    refuseForeign(message, graph);
    const metadata = (message.metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? '']);
    return {
      graph: new GraphReader(graph, operatorSet).read(),
      metadata: Object.fromEntries(metadata) as Record<string, string>,
      operatorSet,
    };
  } catch (error) {
    if (error instanceof EngineError && error.code !== 'INVALID_GRAPH') throw error;
    // Whatever else arises while reading comes from the bytes.
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('INVALID_MODEL', `the bytes are not a well-formed ONNX model: ${reason}`, error);
  }
}

function isOwnDomain(domain = ''): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function operatorSetOf({ opsetImport = [] }: ModelMessage): number {
  const version = Number(opsetImport.find(({ domain }) => isOwnDomain(domain))?.version ?? 0);
  if (version >= 1 && version <= NEWEST_OPSET) return version;
  throw version < 1
    ? new EngineError('INVALID_MODEL', 'the model names no operator set')
    : new EngineError('UNKNOWN_OPERATOR', `operator set ${version} is newer than ${NEWEST_OPSET}, the newest known`);
}

function refuseForeign(message: ModelMessage, graph: GraphMessage): void {
  const parts = { functions: message.functions, training: message.trainingInfo, sparse: graph.sparseInitializer };
  for (const [name, list] of Object.entries(parts)) {
    if ((list?.length ?? 0) > 0) throw new EngineError('INVALID_MODEL', `${name} parts of a model are not supported`);
  }
}

/** Reads one graph: inputs, constants, then nodes in the order of the file, which has to be topological. */
class GraphReader {
  readonly #message: GraphMessage;
  readonly #opset: number;
  readonly #graph = new Graph();
  readonly #values = new Map<string, Value>();
  /** Every name the file uses for a value, and those handed out: new names stay clear of them. */
  readonly #names: Set<string>;
  readonly #counts = new Map<string, number>();

  constructor(message: GraphMessage, opset: number) {
    this.#message = message;
    this.#opset = opset;
    const { input = [], initializer = [], node = [] } = message;
    this.#names = new Set([...input, ...initializer].map(({ name }) => name ?? ''));
    for (const { output = [] } of node) for (const name of output) this.#names.add(name);
  }

  read(): Graph {
    const { input = [], initializer = [], node = [], output = [] } = this.#message;
    const constants = new Set(initializer.map(({ name }) => name ?? ''));
    for (const info of input) if (!constants.has(info.name ?? '')) this.#input(info);
    for (const message of initializer) this.#constant(tensorOfMessage(message), message.name ?? '');
    for (const message of node) this.#node(message);
    for (const { name = '' } of output) this.#graph.output(this.#value(name, 'an output of the graph'));
    return this.#graph;
  }

  #input({ name = '', type }: ValueInfoMessage): void {
    const where = `input '${name}'`;
    const tensorType = type?.tensorType;
    if (tensorType?.shape === undefined) throw new EngineError('INVALID_MODEL', `${where} has no tensor shape`);
    const dimensions = tensorType.shape.dim ?? [];
    shapeOf(
      dimensions.map(({ dimValue }) => dimValue ?? 0),
      where,
    );
    const shape = dimensions.map(({ dimValue, dimParam }, axis): Dimension => {
      if ((dimParam?.length ?? 0) > 64) throw new EngineError('INVALID_MODEL', `${where}: a size has too long a name`);
      if (dimValue !== undefined) return Number(dimValue);
      return dimParam === undefined || dimParam === '' ? `${name.slice(0, 32)}_${axis}` : dimParam;
    });
    this.#values.set(name, this.#graph.input(name, dataTypeOf(tensorType.elemType, where), shape));
  }

  #constant(content: Tensor, name: string): Value {
    const value = this.#graph.constant(content, name);
    this.#values.set(name, value);
    return value;
  }

  #node(message: NodeMessage): void {
    const { opType = '', domain } = message;
    const where = `${opType} '${message.name ?? ''}' (operator set ${this.#opset})`;
    const unknown = (why: string): EngineError => new EngineError('UNKNOWN_OPERATOR', `${where}: ${why}`);
    if (!isOwnDomain(domain)) throw unknown(`the domain ${domain ?? ''} is not known`);
    const raw = readAttributes(message.attribute ?? [], where);
    if (opType === 'Constant') {
      this.#constant(constantOf(raw) ?? refuse(unknown('no value that the engine holds')), message.output?.[0] ?? '');
      return;
    }
    if (!isOperatorType(opType) || readableSince[opType] === Infinity) throw unknown('the operator is not known');
    if (this.#opset < readableSince[opType]) throw unknown(`needs operator set ${readableSince[opType]}`);
    const name = this.#fresh(message.name === undefined || message.name === '' ? opType : message.name);
    const outputs = this.#outputNames(message, name);
    const { inputs, attributes } = adapted({
      type: opType,
      where,
      opset: this.#opset,
      inputs: (message.input ?? []).map((input) => (input === '' ? undefined : this.#value(input, where))),
      attributes: raw,
      outputCount: outputs.length,
      constant: (content, hint) => this.#constant(content, this.#fresh(`${name}:${hint}`)),
    });
    const made = this.#graph.place({ node: name, outputs }, opType, inputs, typedAttributes(opType, attributes, where));
    for (const value of made) this.#values.set(value.name, value);
  }

  /** Outputs left out at the end do not count; those left out before it get a name. */
  #outputNames({ output = [] }: NodeMessage, node: string): string[] {
    const last = output.findLastIndex((name) => name !== '');
    return output.slice(0, last + 1).map((name, at) => (name === '' ? this.#fresh(`${node}:unused${at}`) : name));
  }

  #value(name: string, where: string): Value {
    const value = this.#values.get(name);
    if (value === undefined) {
      throw new EngineError('INVALID_MODEL', `${where}: there is no value '${name}' before it`);
    }
    return value;
  }

  /** The name itself where it is free, else with a number. */
  #fresh(name: string): string {
    let candidate = name;
    let count = this.#counts.get(name) ?? 0;
    for (; this.#names.has(candidate); count += 1) candidate = `${name}_${count}`;
    this.#counts.set(name, count);
    this.#names.add(candidate);
    return candidate;
  }
}

function refuse(error: EngineError): never {
  throw error;
}

/** The content of a Constant node, in the forms that are numbers. */
function constantOf(attributes: RawAttributes): Tensor | undefined {
  const [attribute] = attributes.values();
  switch (attribute?.kind) {
    case 'tensor':
      return tensorOfMessage(attribute.value);
    case 'float':
      return floats([], [attribute.value]);
    case 'floats':
      return floats([attribute.value.length], attribute.value);
    case 'integer':
      return { ...int64s([attribute.value]), shape: [] };
    case 'integers':
      return int64s(attribute.value);
    case 'string':
    case 'other':
    case undefined:
      return undefined;
  }
}
