import type { FileHandle } from 'node:fs/promises';
import { invalidWeights } from './refusal.ts';

/** What one call of the operating system takes is less than 2^31. */
const LARGEST_READ = 2 ** 30;

/** A weights file that is open for reading by position. */
export class WeightsFile {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;

  constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
  }

  /** Bytes in memory of their own. @throws BusanaError WEIGHTS_INVALID when the file ends before */
  async read(position: number, length: number): Promise<Uint8Array> {
    if (!(position + length <= this.size)) {
      throw invalidWeights(this.path, `it is cut off: byte ${position + length} is wanted of ${this.size}`);
    }
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const wanted = Math.min(length - done, LARGEST_READ);
      const { bytesRead } = await this.#handle.read(bytes, done, wanted, position + done);
      if (bytesRead === 0) throw invalidWeights(this.path, 'it got shorter while it was read');
      done += bytesRead;
    }
    return bytes;
  }

  /** The first bytes, at most this many. */
  head(length: number): Promise<Uint8Array> {
    return this.read(0, Math.min(length, this.size));
  }
}
