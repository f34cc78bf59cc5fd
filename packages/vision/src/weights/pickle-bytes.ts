import type { BusanaError } from '@busana/contracts';
import { invalidWeights } from './refusal.ts';

/** Numbers written as text, and integers of any length, are not longer than this in honest files. */
const LONGEST_INTEGER = 1024;
const NEWLINE = 10;

/** Reads forward through the bytes of a pickle; every length is checked against what is left. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  #position: number;

  constructor(bytes: Uint8Array, start: number, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#position = start;
  }

  get position(): number {
    return this.#position;
  }

  /** The refusal of the file, with the place in the pickle. */
  refusal(what: string, remedy?: string): BusanaError {
    return invalidWeights(this.#file, `${what}, at byte ${this.#position} of its pickle`, remedy ? { remedy } : {});
  }

  /** The next bytes, not copied. @throws BusanaError WEIGHTS_INVALID when the file ends before */
  take(length: number): Uint8Array {
    return this.#bytes.subarray(this.#advance(length), this.#position);
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A length of eight bytes; what is not exact as a number is more than any file has. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** An integer in two's complement, the lowest byte first. */
  integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) throw this.refusal(`an integer of ${length} bytes`);
    const bytes = this.take(length);
    let value = 0n;
    for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
    return exact(BigInt.asIntN(8 * length, value));
  }

  /** Text up to the end of a line, Latin-1 as pickles of protocol 0 have it. */
  line(): string {
    const end = this.#bytes.indexOf(NEWLINE, this.#position);
    if (end < 0) throw this.refusal('it ends in the middle of a line');
    const text = Buffer.from(this.take(end - this.#position)).toString('latin1');
    this.#position += 1;
    return text;
  }

  /** A line that holds an integer; `L` may follow, as Python 2 wrote it. */
  integerLine(): number | bigint {
    const text = this.line().replace(/L$/, '');
    if (text.length > LONGEST_INTEGER || !/^\s*[+-]?\d+\s*$/.test(text)) throw this.refusal('not an integer');
    return exact(BigInt(text.trim().replace(/^\+/, '')));
  }

  #advance(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.byteLength - start) {
      throw this.refusal(`it is cut off: ${length} bytes are announced and ${this.#bytes.byteLength - start} left`);
    }
    this.#position = start + length;
    return start;
  }
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
