/**
 * @file The opcodes of pickle protocols 0 to 5, by the names and meanings in CPython's `Lib/pickletools.py`. Those that
 * need a registry outside the file (EXT1, EXT2, EXT4) or buffers beside it (NEXT_BUFFER) are left out.
 */
import type { PickleMachine } from './pickle-machine.ts';
import { PickleObject, PickleTuple, type PickleValue } from './pickle-values.ts';

export type Operation = (machine: PickleMachine) => void;

const NEWEST_PROTOCOL = 5;

const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
/** Python 2's text and bytes are one type; names and storage keys are ASCII. */
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const copied = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

/** Pushes what a reader takes from the bytes. */
const pushes =
  (value: (machine: PickleMachine) => PickleValue): Operation =>
  (machine) =>
    machine.push(value(machine));

const scalars: Readonly<Record<string, Operation>> = {
  N: pushes(() => null),
  '\x88': pushes(() => true),
  '\x89': pushes(() => false),
  /** `I01` and `I00` are protocol 0's true and false; as numbers they mean the same here. */
  I: pushes(({ bytes }) => bytes.integerLine()),
  L: pushes(({ bytes }) => bytes.integerLine()),
  J: pushes(({ bytes }) => bytes.int32()),
  K: pushes(({ bytes }) => bytes.uint8()),
  M: pushes(({ bytes }) => bytes.uint16()),
  '\x8a': pushes(({ bytes }) => bytes.integer(bytes.uint8())),
  '\x8b': pushes(({ bytes }) => bytes.integer(bytes.uint32())),
  F: pushes(({ bytes }) => Number(bytes.line())),
  G: pushes(({ bytes }) => bytes.float64()),
};

const texts: Readonly<Record<string, Operation>> = {
  S: pushes(({ bytes }) => bytes.line().replace(/^(['"])(.*)\1$/s, '$2')),
  V: pushes(({ bytes }) => bytes.line().replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => unicode(hex))),
  T: pushes(({ bytes }) => latin1(bytes.take(bytes.uint32()))),
  U: pushes(({ bytes }) => latin1(bytes.take(bytes.uint8()))),
  X: pushes(({ bytes }) => utf8(bytes.take(bytes.uint32()))),
  '\x8c': pushes(({ bytes }) => utf8(bytes.take(bytes.uint8()))),
  '\x8d': pushes(({ bytes }) => utf8(bytes.take(bytes.uint64()))),
  B: pushes(({ bytes }) => copied(bytes.take(bytes.uint32()))),
  C: pushes(({ bytes }) => copied(bytes.take(bytes.uint8()))),
  '\x8e': pushes(({ bytes }) => copied(bytes.take(bytes.uint64()))),
  '\x96': pushes(({ bytes }) => copied(bytes.take(bytes.uint64()))),
};

const containers: Readonly<Record<string, Operation>> = {
  ']': pushes(() => []),
  l: pushes((machine) => machine.popToMark()),
  a: (machine) => append(machine, [machine.pop()]),
  e: (machine) => append(machine, machine.popToMark()),
  ')': pushes(() => new PickleTuple([])),
  t: pushes((machine) => new PickleTuple(machine.popToMark())),
  '\x85': pushes((machine) => new PickleTuple(machine.popSeveral(1))),
  '\x86': pushes((machine) => new PickleTuple(machine.popSeveral(2))),
  '\x87': pushes((machine) => new PickleTuple(machine.popSeveral(3))),
  '}': pushes(() => new Map()),
  d: pushes((machine) => fill(machine, new Map(), machine.popToMark())),
  s: (machine) => setItems(machine, machine.popSeveral(2)),
  u: (machine) => setItems(machine, machine.popToMark()),
  '\x8f': pushes(() => new Set()),
  '\x90': (machine) => addItems(machine, machine.popToMark()),
  '\x91': pushes((machine) => new Set(machine.popToMark())),
};

const stack: Readonly<Record<string, Operation>> = {
  '(': (machine) => machine.mark(),
  '0': (machine) => machine.discard(),
  '1': (machine) => void machine.popToMark(),
  '2': pushes((machine) => machine.top()),
  p: (machine) => machine.remember(machine.bytes.integerLine()),
  q: (machine) => machine.remember(machine.bytes.uint8()),
  r: (machine) => machine.remember(machine.bytes.uint32()),
  '\x94': (machine) => machine.remember(machine.memo.size),
  g: (machine) => machine.recall(machine.bytes.integerLine()),
  h: (machine) => machine.recall(machine.bytes.uint8()),
  j: (machine) => machine.recall(machine.bytes.uint32()),
  '\x80': (machine) => {
    const protocol = machine.bytes.uint8();
    if (protocol > NEWEST_PROTOCOL) throw machine.refusal(`pickle protocol ${protocol} is not known`);
  },
  '\x95': ({ bytes }) => void bytes.uint64(),
  /** READONLY_BUFFER: what is read here is never written to. */
  '\x98': () => undefined,
};

const objects: Readonly<Record<string, Operation>> = {
  c: pushes((machine) => machine.global(machine.bytes.line(), machine.bytes.line())),
  '\x93': pushes((machine) => {
    const [module, name] = machine.popSeveral(2);
    return machine.global(module!, name!);
  }),
  R: pushes((machine) => made(machine, machine.popSeveral(2))),
  '\x81': pushes((machine) => made(machine, machine.popSeveral(2))),
  '\x92': pushes((machine) => made(machine, machine.popSeveral(3))),
  i: pushes((machine) => {
    const global = machine.global(machine.bytes.line(), machine.bytes.line());
    return machine.object(global, new PickleTuple(machine.popToMark()));
  }),
  o: pushes((machine) => {
    const [called, ...args] = machine.popToMark();
    return machine.object(called ?? null, new PickleTuple(args));
  }),
  b: (machine) => {
    const state = machine.pop();
    const target = machine.top();
    if (!(target instanceof PickleObject)) throw machine.refusal('it sets the state of what is not an object');
    target.state = state;
  },
  P: (machine) => machine.refer(machine.bytes.line()),
  Q: (machine) => machine.refer(machine.pop()),
};

/** By the character of the opcode; STOP is the reader's. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  [scalars, texts, containers, stack, objects].flatMap((family) => Object.entries(family)),
);

function unicode(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

function made(machine: PickleMachine, [called, args]: readonly PickleValue[]): PickleObject {
  return machine.object(called!, args!);
}

function append(machine: PickleMachine, values: readonly PickleValue[]): void {
  const target = machine.top();
  const list = target instanceof PickleObject ? target.items : target;
  if (!Array.isArray(list)) throw machine.refusal('it appends to what is not a list');
  for (const value of values) list.push(value);
}

function setItems(machine: PickleMachine, pairs: readonly PickleValue[]): void {
  const target = machine.top();
  const dictionary = target instanceof PickleObject ? target.entries : target;
  if (!(dictionary instanceof Map)) throw machine.refusal('it sets entries of what is not a dictionary');
  fill(machine, dictionary, pairs);
}

function fill(machine: PickleMachine, dictionary: Map<PickleValue, PickleValue>, pairs: readonly PickleValue[]) {
  if (pairs.length % 2 !== 0) throw machine.refusal('a key without a value');
  for (let at = 0; at < pairs.length; at += 2) dictionary.set(pairs[at]!, pairs[at + 1]!);
  return dictionary;
}

function addItems(machine: PickleMachine, values: readonly PickleValue[]): void {
  const target = machine.top();
  if (!(target instanceof Set)) throw machine.refusal('it adds to what is not a set');
  for (const value of values) target.add(value);
}
