import type { BusanaError } from '@busana/contracts';
import type { PickleBytes } from './pickle-bytes.ts';
import {
  itemsOf,
  PickleGlobal,
  PickleObject,
  PickleReference,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';
import { CONVERT, quoted } from './refusal.ts';

/** Whether a class or function may be named, by module and name within it. */
export type Permits = (module: string, name: string) => boolean;

/**
 * The stack machine that pickles are programs of, with the power to call taken out: where Python would call, it notes
 * down what would be called ({@link PickleObject}), and it only takes names it was told to.
 */
export class PickleMachine {
  readonly bytes: PickleBytes;
  readonly memo = new Map<number | bigint, PickleValue>();
  /** Every reference of the pickle, in its order. */
  readonly references: PickleReference[] = [];
  readonly #permits: Permits;
  #stack: PickleValue[] = [];
  /** The stacks below each mark. */
  readonly #below: PickleValue[][] = [];

  constructor(bytes: PickleBytes, permits: Permits) {
    this.bytes = bytes;
    this.#permits = permits;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw this.refusal('it takes a value that is not there');
    return value;
  }

  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined) throw this.refusal('it takes a value that is not there');
    return value;
  }

  /** The last values, the oldest first. */
  popSeveral(count: number): PickleValue[] {
    if (this.#stack.length < count) throw this.refusal('it takes values that are not there');
    return this.#stack.splice(this.#stack.length - count, count);
  }

  mark(): void {
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  /** The values since the last mark. */
  popToMark(): PickleValue[] {
    const below = this.#below.pop();
    if (below === undefined) throw this.refusal('it goes back to a mark that is not there');
    const values = this.#stack;
    this.#stack = below;
    return values;
  }

  discard(): void {
    if (this.#stack.length > 0) this.#stack.pop();
    else this.popToMark();
  }

  remember(key: number | bigint): void {
    this.memo.set(key, this.top());
  }

  recall(key: number | bigint): void {
    const value = this.memo.get(key);
    if (value === undefined) throw this.refusal(`it recalls entry ${key}, which is not there`);
    this.push(value);
  }

  refer(id: PickleValue): void {
    // Old files of PyTorch refer to a class with its source code beside it; the class was named before.
    const [kind, named] = itemsOf(id) ?? [];
    if (kind === 'module' && named instanceof PickleGlobal) return this.push(named);
    const reference = new PickleReference(id);
    this.references.push(reference);
    this.push(reference);
  }

  /** @throws BusanaError WEIGHTS_INVALID with the name, unless it is permitted */
  global(module: PickleValue, name: PickleValue): PickleGlobal {
    if (typeof module !== 'string' || typeof name !== 'string') throw this.refusal('a name that is not text');
    if (!this.#permits(module, name)) {
      throw this.refusal(
        `it names ${quoted(`${module}.${name}`)}, which is refused; nothing of the file was run`,
        CONVERT,
      );
    }
    return new PickleGlobal(`${module}.${name}`);
  }

  /** What Python would make by calling. @throws BusanaError WEIGHTS_INVALID when it calls anything but a name */
  object(made: PickleValue, args: PickleValue): PickleObject {
    if (made instanceof PickleObject) throw this.refusal(`it calls what ${quoted(made.made.name)} returns`, CONVERT);
    if (!(made instanceof PickleGlobal)) throw this.refusal('it calls what is not a function', CONVERT);
    if (!(args instanceof PickleTuple)) throw this.refusal(`the arguments of ${quoted(made.name)} are no tuple`);
    return new PickleObject(made, args.items);
  }

  refusal(what: string, remedy?: string): BusanaError {
    return this.bytes.refusal(what, remedy);
  }
}
