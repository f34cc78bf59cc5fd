/** @file The state dict in what a checkpoint holds: out of its wrappers, without the prefixes of parallel training. */
import { dictionaryOf, type PickleValue } from './pickle-values.ts';
import { invalidWeights, quoted } from './refusal.ts';
import { tensorReferenceOf, type TensorReference } from './torch-tensors.ts';
import { isModel, tensorsOfModel } from './ultralytics.ts';

/** Averaged weights before those of the last step: they are what was validated. */
const WRAPPERS = ['ema', 'state_dict_ema', 'model_ema', 'state_dict', 'model_state_dict', 'model'];
const DEEPEST_WRAPPER = 4;
/** Steps that a batch norm has seen; nothing depends on it once there is a momentum. */
const COUNTER = 'num_batches_tracked';

/**
 * The tensors of a checkpoint by name, in its order.
 * @throws BusanaError WEIGHTS_INVALID when there is no state dict in it
 */
export function stateDictOf(checkpoint: PickleValue, file: string): ReadonlyMap<string, TensorReference> {
  let value: PickleValue | undefined = checkpoint;
  for (let depth = 0; depth < DEEPEST_WRAPPER && value !== undefined; depth += 1) {
    if (isModel(value)) return tensorsOfModel(value, file);
    const dictionary = dictionaryOf(value);
    if (dictionary === undefined) break;
    const tensors = tensorsOf(dictionary, file);
    if (tensors.size > 0) return tensors;
    const wrapper: string | undefined = WRAPPERS.find((name) => (dictionary.get(name) ?? null) !== null);
    value = wrapper === undefined ? undefined : dictionary.get(wrapper);
  }
  const keys = [...(dictionaryOf(checkpoint)?.keys() ?? [])].filter((key) => typeof key === 'string');
  const holds = keys.length === 0 ? '' : `; it holds ${quoted(keys.join(', '))}`;
  throw invalidWeights(file, `there is no state dict in it${holds}`, {
    remedy: `Save model.state_dict(), alone or as 'model' or 'state_dict' of a dictionary.`,
  });
}

function tensorsOf(dictionary: ReadonlyMap<PickleValue, PickleValue>, file: string): Map<string, TensorReference> {
  const tensors = new Map<string, TensorReference>();
  for (const [name, value] of dictionary) {
    if (typeof name !== 'string') continue;
    const reference = tensorReferenceOf(value, name, file);
    if (reference !== undefined) tensors.set(name, reference);
  }
  return tensors;
}

/** Names without what DistributedDataParallel puts before each of them; without counters. */
export function withoutPrefix<T>(tensors: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const kept = [...tensors].filter(([name]) => name !== COUNTER && !name.endsWith(`.${COUNTER}`));
  const prefixed = kept.length > 0 && kept.every(([name]) => name.startsWith('module.'));
  return new Map(prefixed ? kept.map(([name, value]) => [name.slice('module.'.length), value]) : kept);
}
