/** @file What a pickle holds once it is read: plain values, and trees that stand for objects nobody made. */

/** A name of a class or function, e.g. `collections.OrderedDict`. It stands for nothing that could be called. */
export class PickleGlobal {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** What Python would ask its caller for: in PyTorch's files, a storage of numbers outside the pickle. */
export class PickleReference {
  readonly id: PickleValue;

  constructor(id: PickleValue) {
    this.id = id;
  }
}

/** What Python would make by a call: who would be called, with what, and what would be put into the result. */
export class PickleObject {
  readonly made: PickleGlobal;
  readonly args: readonly PickleValue[];
  /** Attributes, as `__setstate__` or `__dict__` would take them. */
  state: PickleValue = null;
  readonly entries = new Map<PickleValue, PickleValue>();
  readonly items: PickleValue[] = [];

  constructor(made: PickleGlobal, args: readonly PickleValue[]) {
    this.made = made;
    this.args = args;
  }
}

/** Lists are arrays, dictionaries maps, `None` is null; integers are bigint where a number is not exact. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | PickleTuple
  | PickleGlobal
  | PickleReference
  | PickleObject;

/** The entries of a dictionary or of an `OrderedDict`; undefined for anything else. */
export function dictionaryOf(value: PickleValue | undefined): ReadonlyMap<PickleValue, PickleValue> | undefined {
  if (value instanceof Map) return value;
  if (!(value instanceof PickleObject) || value.made.name !== 'collections.OrderedDict') return undefined;
  // Python 2 hands the entries over as pairs, Python 3 sets them afterwards.
  const pairs = itemsOf(value.args[0]) ?? [];
  return new Map([...pairs.flatMap(pairOf), ...value.entries]);
}

/** The items of a list or a tuple; undefined for anything else. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof PickleTuple ? value.items : undefined;
}

function pairOf(value: PickleValue): [PickleValue, PickleValue][] {
  const [key, content] = itemsOf(value) ?? [];
  return key === undefined || content === undefined ? [] : [[key, content]];
}
