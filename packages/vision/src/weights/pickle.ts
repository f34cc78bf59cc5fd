/**
 * @file Python's pickles, read and never run. A pickle is a program that may call anything; this reader follows it on
 * plain values only, takes names from a list and keeps every call as a tree for others to interpret.
 */
import { PickleBytes } from './pickle-bytes.ts';
import { PickleMachine, type Permits } from './pickle-machine.ts';
import { operations } from './pickle-operations.ts';
import type { PickleReference, PickleValue } from './pickle-values.ts';

/** The largest real checkpoints take some hundred thousand. A step makes at most one small object. */
const MOST_STEPS = 2_000_000;
const STOP = '.'.charCodeAt(0);

export interface ReadPickleOptions {
  /** The file, for messages. */
  readonly file: string;
  readonly permits: Permits;
  /** Where the pickle starts in the bytes. */
  readonly start?: number;
}

export interface ReadPickle {
  readonly value: PickleValue;
  /** What the pickle refers to outside itself. */
  readonly references: readonly PickleReference[];
  /** The position after the pickle. */
  readonly end: number;
}

/** @throws BusanaError WEIGHTS_INVALID naming a class or function that is not permitted, or saying what is damaged */
export function readPickle(bytes: Uint8Array, { file, permits, start = 0 }: ReadPickleOptions): ReadPickle {
  const source = new PickleBytes(bytes, start, file);
  const machine = new PickleMachine(source, permits);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const opcode = source.uint8();
    if (opcode === STOP) return { value: machine.pop(), references: machine.references, end: source.position };
    const operation = operations.get(String.fromCharCode(opcode));
    if (operation === undefined) throw source.refusal(`opcode 0x${opcode.toString(16)} is not known`);
    operation(machine);
  }
  throw source.refusal(`it takes more than ${MOST_STEPS} steps`);
}
