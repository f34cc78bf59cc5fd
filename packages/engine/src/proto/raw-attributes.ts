/** @file Attributes as a file has them, and the check that turns them into an operator's typed ones. */
import { EngineError } from '../errors.ts';
import type { OperatorAttributes, OperatorType } from '../graph/operators.ts';
import { attributesOf, type Kind } from './attributes.ts';
import type { AttributeMessage, TensorMessage } from './messages.ts';
import { dataTypeOf } from './tensors.ts';

/** An attribute's value, by ONNX's attribute type. `other`: a kind no operator of the engine has. */
export type RawAttribute =
  | { readonly kind: 'float' | 'integer'; readonly value: number }
  | { readonly kind: 'floats' | 'integers'; readonly value: readonly number[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: TensorMessage }
  | { readonly kind: 'other'; readonly value?: undefined };

export type RawAttributes = ReadonlyMap<string, RawAttribute>;

/** Attributes by name. @throws EngineError INVALID_MODEL */
export function readAttributes(messages: readonly AttributeMessage[], where: string): RawAttributes {
  return new Map(messages.map((message) => [message.name ?? '', rawAttribute(message, where)]));
}

function rawAttribute(message: AttributeMessage, where: string): RawAttribute {
  if (message.refAttrName !== undefined && message.refAttrName !== '') return { kind: 'other' };
  switch (message.type) {
    case 1:
      return { kind: 'float', value: shortest(message.f ?? 0) };
    case 2:
      return { kind: 'integer', value: safe(message.i ?? 0, message, where) };
    case 3:
      return { kind: 'string', value: Buffer.from(message.s ?? []).toString('utf8') };
    case 4:
      return message.t === undefined ? { kind: 'other' } : { kind: 'tensor', value: message.t };
    case 6:
      return { kind: 'floats', value: (message.floats ?? []).map(shortest) };
    case 7:
      return { kind: 'integers', value: (message.ints ?? []).map((x) => safe(x, message, where)) };
    default:
      return { kind: 'other' };
  }
}

/** The largest and smallest integers of 64 bits stand for "to the end": they become the largest safe ones. */
function safe(value: bigint | number, { name }: AttributeMessage, where: string): number {
  const limit = 2n ** 62n;
  const whole = BigInt(value);
  if (whole >= limit) return Number.MAX_SAFE_INTEGER;
  if (whole <= -limit) return -Number.MAX_SAFE_INTEGER;
  const number = Number(whole);
  if (Number.isSafeInteger(number)) return number;
  throw new EngineError('INVALID_MODEL', `${where}: the attribute ${name ?? ''} is out of range: ${value}`);
}

/** The shortest decimal that is stored as this float32: 1e-5 rather than 0.000009999999747378752. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}

/** Whether an attribute the engine does not have says nothing but what the engine does anyway. */
const harmless: Readonly<Record<string, (value: RawAttribute['value']) => boolean>> = {
  allowzero: (value) => value === 0,
  antialias: (value) => value === 0,
  auto_pad: (value) => value === 'NOTSET',
  cubic_coeff_a: () => true,
  dilations: (value) => Array.isArray(value) && value.every((x) => x === 1),
  exclude_outside: (value) => value === 0,
  extrapolation_value: () => true,
  keep_aspect_ratio_policy: (value) => value === 'stretch',
  momentum: () => true,
  noop_with_empty_axes: (value) => value === 0,
  round_mode: () => true,
  saturate: () => true,
  select_last_index: (value) => value === 0,
  stash_type: (value) => value === 1,
  storage_order: (value) => value === 0,
  training_mode: (value) => value === 0,
};

/** The operator's attributes. @throws EngineError UNKNOWN_OPERATOR naming what the engine does not take */
export function typedAttributes<T extends OperatorType>(
  type: T,
  raw: RawAttributes,
  where: string,
): OperatorAttributes[T] {
  const fields = attributesOf(type);
  for (const [name, { value }] of raw) {
    const known =
      fields.some((field) => field.name === name) || (Object.hasOwn(harmless, name) && harmless[name]!(value));
    if (!known) refuse(where, name, value);
  }
  const entries = fields.flatMap(({ name, kind, required }): [string, unknown][] => {
    const attribute = raw.get(name);
    if (attribute !== undefined) return [[name, typed(kind, attribute, name, where)]];
    if (required) throw new EngineError('UNKNOWN_OPERATOR', `${where}: the attribute ${name} is missing`);
    return [];
  });
  return Object.fromEntries(entries) as OperatorAttributes[T];
}

function typed(kind: Kind, attribute: RawAttribute, name: string, where: string): unknown {
  const { value } = attribute;
  if (kind === attribute.kind) return value;
  if (kind === 'flag' && (value === 0 || value === 1)) return value;
  if (kind === 'type' && typeof value === 'number') return dataTypeOf(value, where);
  if (typeof kind === 'object' && typeof value === 'string' && kind.includes(value)) return value;
  return refuse(where, name, value);
}

function refuse(where: string, name: string, value: RawAttribute['value']): never {
  const printed = typeof value === 'object' && !Array.isArray(value) ? 'a tensor' : String(value);
  throw new EngineError('UNKNOWN_OPERATOR', `${where}: the attribute ${name} = ${printed} is not supported`);
}
