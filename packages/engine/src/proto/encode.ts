import { EngineError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { isOurs, OPSET } from '../graph/operators.ts';
import type { AnyNode, Value } from '../graph/value.ts';
import { attributesOf, type Kind } from './attributes.ts';
import {
  writeModelMessage,
  type AttributeMessage,
  type DimensionMessage,
  type GraphMessage,
  type ModelMessage,
  type NodeMessage,
  type ValueInfoMessage,
} from './messages.ts';
import { dataTypeNumbers, tensorMessage } from './tensors.ts';

/** Read by every onnxruntime since 1.18 and by onnxruntime-web. */
const IR_VERSION = 10;

/** Operators of the runtime's own domains, by domain and name there. */
const runtimeOperators: ReadonlyMap<string, { readonly domain: string; readonly name: string }> = new Map([
  ['FusedMatMul', { domain: 'com.microsoft', name: 'FusedMatMul' }],
  ...(['ReorderInput', 'ReorderOutput', 'Conv', 'GlobalAveragePool'] as const).map(
    (name) => [`Nchwc${name}`, { domain: 'com.microsoft.nchwc', name }] as const,
  ),
]);

/** Protobuf's limit is 2 GiB; the rest of a model is small. */
const MOST_BYTES = 2 ** 31 - 2 ** 24;

export interface EncodeOptions {
  /** Stored as the model's `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly producer?: string;
}

/**
 * The bytes of an ONNX model: operator set {@link OPSET}, named dimensions as `dim_param`, constants as raw
 * little-endian initializers, attributes that are not whole as float32 (all that ONNX has).
 * @throws EngineError INVALID_GRAPH for an operator that must be lowered first, an output listed twice, or constants
 * beyond 2 GiB
 */
export function encodeModel(graph: Graph, options: EncodeOptions = {}): Uint8Array {
  return writeModelMessage(modelMessage(graph, options));
}

/** The same before it becomes bytes, for encoders that store a part of it in another way. */
export function modelMessage(
  graph: Graph,
  options: EncodeOptions = {},
): ModelMessage & { readonly graph: GraphMessage } {
  const size = graph.constants.reduce((total, { constant }) => total + (constant?.data.byteLength ?? 0), 0);
  if (size > MOST_BYTES) throw new EngineError('INVALID_GRAPH', `constants of ${size} bytes do not fit into one model`);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  if (outputs.size !== graph.outputs.length) throw new EngineError('INVALID_GRAPH', 'an output is listed twice');
  const domains = new Set(graph.nodes.flatMap(({ type }) => runtimeOperators.get(type)?.domain ?? []));
  return {
    irVersion: IR_VERSION,
    opsetImport: [{ domain: '', version: OPSET }, ...[...domains].map((domain) => ({ domain, version: 1 }))],
    producerName: options.producer ?? 'busana-engine',
    producerVersion: '0.1.0',
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'graph',
      node: graph.nodes.map(nodeMessage),
      initializer: graph.constants.map((value) => tensorMessage(value.name, contentOf(value))),
      input: graph.inputs.map(valueMessage),
      output: graph.outputs.map(valueMessage),
      // The runtime cannot tell it from zeros that are only known in a run.
      valueInfo: graph.nodes.flatMap(({ type, outputs }) => (type === 'KeepShape' ? outputs.map(valueMessage) : [])),
    },
  };
}

function contentOf({ name, constant }: Value): NonNullable<Value['constant']> {
  if (constant === undefined) throw new EngineError('INVALID_GRAPH', `the constant '${name}' has no content`);
  return constant;
}

function nodeMessage(node: AnyNode): NodeMessage {
  if (isOurs(node.type)) {
    throw new EngineError(
      'INVALID_GRAPH',
      `${node.type} '${node.name}' is not an ONNX operator: lower the graph first`,
    );
  }
  const values = new Map<string, unknown>(Object.entries(node.attributes));
  const present = attributesOf(node.type).filter(({ name }) => values.get(name) !== undefined);
  const own = runtimeOperators.get(node.type);
  return {
    name: node.name,
    opType: own?.name ?? (node.type === 'KeepShape' ? 'Reshape' : node.type),
    ...(own && { domain: own.domain }),
    input: node.inputs.map((value) => value?.name ?? ''),
    output: node.outputs.map(({ name }) => name),
    attribute: present.map(({ name, kind }) => attributeMessage(name, kind, values.get(name))),
  };
}

function attributeMessage(name: string, kind: Kind, value: unknown): AttributeMessage {
  if (kind === 'integers' && Array.isArray(value)) return { name, type: 7, ints: value.map(Number) };
  if (kind === 'floats' && Array.isArray(value)) return { name, type: 6, floats: value.map(Number) };
  if (kind === 'float' && typeof value === 'number') return { name, type: 1, f: value };
  if ((kind === 'integer' || kind === 'flag') && typeof value === 'number') return { name, type: 2, i: value };
  const number = kind === 'type' ? Object.entries(dataTypeNumbers).find(([type]) => type === value)?.[1] : undefined;
  if (number !== undefined) return { name, type: 2, i: number };
  if (typeof kind === 'object' && typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  throw new EngineError('INVALID_GRAPH', `the attribute ${name} has a value of the wrong kind: ${String(value)}`);
}

function valueMessage({ name, type, shape }: Value): ValueInfoMessage {
  const dim = shape.map((size): DimensionMessage => {
    return typeof size === 'number' ? { dimValue: size } : { dimParam: size };
  });
  return { name, type: { tensorType: { elemType: dataTypeNumbers[type], shape: { dim } } } };
}
