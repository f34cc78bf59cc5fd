/** @file Tensors of PyTorch's pickles: which numbers of which storage, in which order. */
import { sizeOf, type Tensor } from '@busana/engine';
import { elementBytes, tensorOfElements, type ElementType } from './elements.ts';
import {
  itemsOf,
  PickleGlobal,
  PickleObject,
  PickleReference,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';
import { invalidWeights, quoted } from './refusal.ts';
import { gathered, isRowMajor } from './strides.ts';
import { storageTypes } from './torch-globals.ts';

/** A run of numbers of one type beside the pickle; several tensors may share it. */
export interface StorageReference {
  readonly key: string;
  readonly type: ElementType;
  readonly elements: number;
  /** First number of a view into the storage, as old files have them. */
  readonly first: number;
}

/** A tensor before its numbers are read; offset and strides count numbers. */
export interface TensorReference {
  readonly storage: StorageReference;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** What wraps a tensor, with the place of the tensor among its arguments. */
const wrappers: Readonly<Record<string, number>> = {
  'torch._utils._rebuild_parameter': 0,
  'torch._utils._rebuild_parameter_with_state': 0,
};
const DEEPEST_WRAPPING = 8;

/** @throws BusanaError WEIGHTS_INVALID when the reference is not one to a storage of numbers */
export function storageOf({ id }: PickleReference, file: string): StorageReference {
  const [kind, storageClass, key, , elements, view] = itemsOf(id) ?? [];
  const type = storageClass instanceof PickleGlobal ? storageTypes.get(storageClass.name) : undefined;
  if (kind !== 'storage' || typeof key !== 'string' || type === undefined || !isCount(elements)) {
    const what = storageClass instanceof PickleGlobal ? quoted(storageClass.name) : 'what is not a storage of numbers';
    throw invalidWeights(file, `its pickle refers to ${what}, which is not read`);
  }
  const first = itemsOf(view)?.[1] ?? 0;
  if (!isCount(first)) throw invalidWeights(file, `storage '${quoted(key)}' has a view that starts nowhere`);
  return { key, type, elements, first };
}

/** Whether two references mean the same numbers; views into them may differ. */
export function isSameStorage(one: StorageReference, other: StorageReference): boolean {
  return one.key === other.key && one.type === other.type && one.elements === other.elements;
}

/**
 * What the object describes as a tensor; undefined when it is something else.
 * @throws BusanaError WEIGHTS_INVALID naming the tensor when it reaches outside its storage
 */
export function tensorReferenceOf(
  value: PickleValue | undefined,
  name: string,
  file: string,
): TensorReference | undefined {
  let object = value;
  for (let depth = 0; object instanceof PickleObject && depth < DEEPEST_WRAPPING; depth += 1) {
    switch (object.made.name) {
      case 'torch._utils._rebuild_tensor':
      case 'torch._utils._rebuild_tensor_v2':
        return checked(object.args, `${file}: tensor '${quoted(name)}'`, file);
      case 'torch._tensor._rebuild_from_type_v2': {
        const [rebuild, , args] = object.args;
        if (!(rebuild instanceof PickleGlobal && args instanceof PickleTuple)) return undefined;
        object = new PickleObject(rebuild, args.items);
        break;
      }
      default:
        object = object.args[wrappers[object.made.name] ?? object.args.length];
    }
  }
  return undefined;
}

function checked(args: readonly PickleValue[], where: string, file: string): TensorReference {
  const [reference, offset, sizes, steps] = args;
  const shape = countsOf(sizes);
  const strides = countsOf(steps);
  if (
    !(reference instanceof PickleReference) ||
    !isCount(offset) ||
    shape?.length !== strides?.length ||
    !shape ||
    !strides
  )
    throw invalidWeights(where, 'offset, shape or strides are not counts');
  const storage = storageOf(reference, file);
  const start = storage.first + offset;
  const numbers = sizeOf(shape);
  const last = numbers === 0 ? start - 1 : shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, start);
  if (!(last < storage.elements)) {
    throw invalidWeights(where, `reaches number ${last} of a storage of ${storage.elements}`);
  }
  // An expanded view would let a small file ask for any amount of memory.
  if (numbers > storage.elements) throw invalidWeights(where, `has ${numbers} numbers, more than its storage`);
  return { storage, offset: start, shape, strides };
}

/** The numbers of a tensor out of the whole storage's bytes, in row-major order. */
export function tensorIn(storage: Uint8Array, { storage: { type }, offset, shape, strides }: TensorReference): Tensor {
  const width = elementBytes[type];
  const rowMajor = isRowMajor(shape, strides)
    ? storage.subarray(offset * width, (offset + sizeOf(shape)) * width)
    : gathered(storage, width, { offset, shape, strides });
  return tensorOfElements(type, shape, rowMajor);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Sizes or strides: a tuple, or a torch.Size around one. */
function countsOf(value: PickleValue | undefined): readonly number[] | undefined {
  const items = itemsOf(value instanceof PickleObject && value.made.name === 'torch.Size' ? value.args[0] : value);
  return items?.every(isCount) === true && items.length <= 64 ? items : undefined;
}
