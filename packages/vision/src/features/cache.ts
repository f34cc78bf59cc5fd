import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, makeFolder, writeOutput } from '../output/write.ts';

/** SHA-256, hexadecimal. */
export function hashOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** Embeddings on disk: a folder per backbone and settings, a file per photo, both named by the hash of their content. */
export class FeatureCache {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param identity everything that decides an embedding besides the photo @throws BusanaError OUTPUT_UNWRITABLE */
  static async open(root: string, identity: readonly (string | Uint8Array)[]): Promise<FeatureCache> {
    const folder = join(root, hashOf(identity).slice(0, 32));
    await makeFolder(folder);
    return new FeatureCache(folder);
  }

  /** What was written for a photo; undefined when nothing was. */
  async read(hash: string): Promise<Float32Array | undefined> {
    try {
      const bytes = await readFile(this.#file(hash));
      // A file that was cut off is no embedding: it is computed and written again.
      if (bytes.byteLength === 0 || bytes.byteLength % 4 !== 0) return undefined;
      return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  async write(hash: string, embeddings: Float32Array): Promise<void> {
    const { buffer, byteOffset, byteLength } = embeddings;
    await writeOutput(this.#file(hash), new Uint8Array(buffer, byteOffset, byteLength));
  }

  #file(hash: string): string {
    return join(this.#folder, `${hash}.f32`);
  }
}
