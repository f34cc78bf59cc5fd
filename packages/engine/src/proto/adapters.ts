/** @file Older and shorter spellings of operators, brought to the one form the engine has. */
import { EngineError } from '../errors.ts';
import type { OperatorType } from '../graph/operators.ts';
import { int64s, tensor, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { RawAttribute, RawAttributes } from './raw-attributes.ts';

/** A node as it stands in a file, its inputs resolved. */
export interface ReadNode {
  readonly type: OperatorType;
  /** For messages: operator, node, operator set. */
  readonly where: string;
  readonly opset: number;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: RawAttributes;
  readonly outputCount: number;
  /** Adds a constant to the graph, named after the node and the hint. */
  readonly constant: (content: Tensor, hint: string) => Value;
}

type Adapter = (node: ReadNode) => ReadNode;

/** The node in today's form. @throws EngineError UNKNOWN_OPERATOR */
export function adapted(node: ReadNode): ReadNode {
  return adapters[node.type]?.(node) ?? node;
}

/** Until an operator set, a list was an attribute; since then it is an input at `position`. */
function listToInput(name: string, position: number, until: number): Adapter {
  return (node) => {
    const attribute = node.attributes.get(name);
    if (node.opset >= until || attribute?.kind !== 'integers') return node;
    return withInput(without(node, name), position, node.constant(int64s(attribute.value), name));
  };
}

/** Until an operator set, a number was an attribute; since then it is a scalar input of the type of the first. */
function numberToInput(name: string, position: number, until: number): Adapter {
  return (node) => {
    const attribute = node.attributes.get(name);
    if (node.opset >= until || attribute?.kind !== 'float') return node;
    const content = tensor(node.inputs[0]?.type ?? 'float32', []);
    if (content.data instanceof BigInt64Array) content.data[0] = BigInt(attribute.value);
    else content.data[0] = attribute.value;
    return withInput(without(node, name), position, node.constant(content, name));
  };
}

function inOrder(...steps: readonly Adapter[]): Adapter {
  return (node) => steps.reduce((current, step) => step(current), node);
}

function without(node: ReadNode, name: string): ReadNode {
  return { ...node, attributes: new Map([...node.attributes].filter(([key]) => key !== name)) };
}

function withInput(node: ReadNode, position: number, value: Value): ReadNode {
  const inputs = Array.from({ length: Math.max(node.inputs.length, position + 1) }, (_, at) => node.inputs[at]);
  inputs[position] = value;
  return { ...node, inputs };
}

function withAttribute(node: ReadNode, name: string, attribute: RawAttribute): ReadNode {
  return { ...node, attributes: new Map([...node.attributes, [name, attribute]]) };
}

/** Before 13, everything from `axis` (default 1) on was one row: the same thing only for the last axis. */
const rowsToAxis: Adapter = (node) => {
  if (node.opset >= 13) return node;
  const rank = node.inputs[0]?.shape.length ?? 0;
  const axis = node.attributes.get('axis')?.value ?? 1;
  if (axis !== -1 && axis !== rank - 1) {
    throw new EngineError('UNKNOWN_OPERATOR', `${node.where}: over more than the last axis is not supported`);
  }
  return withAttribute(node, 'axis', { kind: 'integer', value: -1 });
};

/** The kernel's shape may be left out: the weights have it. */
const kernelOfWeights: Adapter = (node) => {
  const kernel = node.inputs[1]?.shape.slice(2) ?? [];
  const sizes = kernel.filter((size) => typeof size === 'number');
  if (node.attributes.has('kernel_shape') || sizes.length !== kernel.length) return node;
  return withAttribute(node, 'kernel_shape', { kind: 'integers', value: sizes });
};

/** Without sizes the parts are equal, the last one taking what is left. */
const equalParts: Adapter = (node) => {
  if (node.inputs[1] !== undefined) return node;
  const shape = node.inputs[0]?.shape ?? [];
  const axis = node.attributes.get('axis')?.value ?? 0;
  const size = typeof axis === 'number' ? shape.at(axis) : undefined;
  if (typeof size !== 'number' || node.outputCount > size) {
    throw new EngineError('UNKNOWN_OPERATOR', `${node.where}: equal parts of a size that is not known`);
  }
  const part = Math.ceil(size / node.outputCount);
  const sizes = Array.from({ length: node.outputCount }, (_, at) => Math.max(0, Math.min(part, size - at * part)));
  return withInput(without(node, 'num_outputs'), 1, node.constant(int64s(sizes), 'sizes'));
};

/** In operator set 10 the scales came second and the coordinates were what is now called asymmetric. */
const nearest: Adapter = (node) => {
  const old = node.opset < 11;
  const [x, region, ...rest] = old ? [node.inputs[0], undefined, node.inputs[1]] : node.inputs;
  const mode = (name: string, fallback: string): RawAttribute => node.attributes.get(name) ?? word(fallback);
  const coordinates = mode('coordinate_transformation_mode', old ? 'asymmetric' : 'half_pixel');
  const rounding = mode('nearest_mode', old ? 'floor' : 'round_prefer_floor');
  // With whole scales both name the same pixels: (i + 1/2) / s - 1/2 lies less than 1/2 from floor(i / s).
  const centred = coordinates.value === 'half_pixel' && rounding.value === 'round_prefer_floor';
  const modes = {
    mode: mode('mode', 'nearest'),
    coordinate_transformation_mode: centred ? word('asymmetric') : coordinates,
    nearest_mode: centred ? word('floor') : rounding,
  };
  return {
    ...node,
    // An empty region is none.
    inputs: [x, region?.constant?.data.length === 0 ? undefined : region, ...rest],
    attributes: new Map([...node.attributes, ...Object.entries(modes)]),
  };
};

function word(value: string): RawAttribute {
  return { kind: 'string', value };
}

const adapters: { readonly [T in OperatorType]?: Adapter } = {
  Clip: inOrder(numberToInput('min', 1, 11), numberToInput('max', 2, 11)),
  Conv: kernelOfWeights,
  ConvTranspose: kernelOfWeights,
  Softmax: rowsToAxis,
  LogSoftmax: rowsToAxis,
  ReduceSum: listToInput('axes', 1, 13),
  ReduceMean: listToInput('axes', 1, 18),
  ReduceMax: listToInput('axes', 1, 18),
  ReduceSumSquare: listToInput('axes', 1, 18),
  Squeeze: listToInput('axes', 1, 13),
  Unsqueeze: listToInput('axes', 1, 13),
  Transpose: (node) => {
    const rank = node.inputs[0]?.shape.length ?? 0;
    const reversed = Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
    return node.attributes.has('perm') ? node : withAttribute(node, 'perm', { kind: 'integers', value: reversed });
  },
  Split: inOrder(listToInput('split', 1, 13), equalParts),
  Slice: inOrder(listToInput('starts', 1, 10), listToInput('ends', 2, 10), listToInput('axes', 3, 10)),
  Pad: inOrder(listToInput('pads', 1, 11), numberToInput('value', 2, 11)),
  Resize: nearest,
};
