/**
 * @file State dicts out of whole models, which is what Ultralytics saves: the object tree of its layers, as
 * `torch.nn.Module.state_dict` would walk it.
 */
import { dictionaryOf, itemsOf, PickleObject, type PickleValue } from './pickle-values.ts';
import { invalidWeights, quoted } from './refusal.ts';
import { isLayer } from './torch-globals.ts';
import { tensorReferenceOf, type TensorReference } from './torch-tensors.ts';

/** Layers, parameters and buffers; a layer may be used twice, and a malicious file may do so without end. */
const MOST_PARTS = 500_000;
const LONGEST_NAME = 512;

/** Whether the value is a model, or a layer of one. */
export function isModel(value: PickleValue | undefined): value is PickleObject {
  return value instanceof PickleObject && isLayer(value.made.name) && attributesOf(value)?.has('_modules') === true;
}

/**
 * Parameters and buffers of a model by the names of its state dict, e.g. `model.0.conv.weight`.
 * @throws BusanaError WEIGHTS_INVALID when layers contain themselves or are too many
 */
export function tensorsOfModel(model: PickleObject, file: string): Map<string, TensorReference> {
  const tensors = new Map<string, TensorReference>();
  const open: (readonly [prefix: string, layer: PickleObject])[] = [['', model]];
  for (let parts = 0; open.length > 0;) {
    const [prefix, layer] = open.pop()!;
    const { own, layers } = partsOf(layer);
    parts += 1 + own.length + layers.length;
    if (parts > MOST_PARTS || prefix.length > LONGEST_NAME) {
      throw invalidWeights(file, `its layers go on without end, at '${quoted(prefix)}'`);
    }
    for (const [name, value] of own) {
      const reference = tensorReferenceOf(value, `${prefix}${name}`, file);
      if (reference !== undefined) tensors.set(`${prefix}${name}`, reference);
    }
    // Taken from the end, so put there the other way round: the order is that of state_dict.
    for (const [name, child] of layers.toReversed()) {
      if (child instanceof PickleObject) open.push([`${prefix}${name}.`, child]);
    }
  }
  return tensors;
}

/** What a layer has itself, and the layers in it. */
function partsOf(layer: PickleObject) {
  const attributes = attributesOf(layer);
  const transient = transientNames(attributes?.get('_non_persistent_buffers_set'));
  const buffers = namedOf(attributes?.get('_buffers')).filter(([name]) => !transient.has(name));
  return {
    own: [...namedOf(attributes?.get('_parameters')), ...buffers],
    layers: namedOf(attributes?.get('_modules')),
  };
}

/** Buffers that a state dict leaves out: a set, or the call that makes one. */
function transientNames(value: PickleValue | undefined): ReadonlySet<PickleValue> {
  if (value instanceof Set) return value;
  return new Set(value instanceof PickleObject ? itemsOf(value.args[0]) : []);
}

/** `__dict__`: the state itself, or its first half where the class has slots. */
function attributesOf({ state }: PickleObject): ReadonlyMap<PickleValue, PickleValue> | undefined {
  return dictionaryOf(itemsOf(state)?.[0] ?? state);
}

function namedOf(value: PickleValue | undefined): [string, PickleValue][] {
  return [...(dictionaryOf(value) ?? [])].filter(
    (entry): entry is [string, PickleValue] => typeof entry[0] === 'string',
  );
}
