/** @file The model files of the server, each once, under the hash of what it contains; beside each its card. */
import { BusanaError } from '@busana/contracts';
import { hashOf, locateModel, readIfThere, readMetadata } from '@busana/vision';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LocalFiles } from '../storage/local-files.ts';
import { readObject } from '../storage/storage.ts';

export class ModelFiles {
  readonly #files: LocalFiles;
  /** Why models cannot be used, by their hashes, as far as this process has tried. */
  readonly problems = new Map<string, string>();

  constructor(files: LocalFiles) {
    this.#files = files;
  }

  /**
   * Copies a model and its card, where they are not there yet, or damaged.
   * @param path a model file or a run folder
   * @returns its hash and name
   * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID, OUTPUT_UNWRITABLE, STORAGE_UNAVAILABLE
   */
  async install(path: string): Promise<{ hash: string; name: string }> {
    const { storage } = this.#files;
    const file = await locateModel(path);
    const bytes = await readFile(file);
    const hash = hashOf([bytes]);
    const { name } = readMetadata(bytes, file)['busana.provenance'];
    const card = await cardBeside(file);
    if (card !== undefined) await storage.put(cardKey(hash), card);
    if (!(await this.#isWhole(hash))) await storage.put(modelKey(hash), bytes);
    return { hash, name };
  }

  async #isWhole(hash: string): Promise<boolean> {
    try {
      await this.local(hash);
      return true;
    } catch (error) {
      if (isUnusable(error)) return false;
      throw error;
    }
  }

  /**
   * Does with a model what shows whether it can be used, which {@link problems} know from then on.
   * @param load with its path on this machine
   * @throws BusanaError as {@link local}, and what `load` does
   */
  async use<T>(hash: string, load: (path: string) => Promise<T>): Promise<T> {
    try {
      const loaded = await load(await this.local(hash));
      this.problems.delete(hash);
      return loaded;
    } catch (error) {
      // Where it lies on this machine is nobody's business.
      if (isUnusable(error)) this.problems.set(hash, error.message.replaceAll(this.#files.where(modelKey(hash)), modelKey(hash))); // prettier-ignore
      throw error;
    }
  }

  /**
   * Where a model can be read on this machine, proved to be what its name says.
   * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID, STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE
   */
  async local(hash: string): Promise<string> {
    const key = modelKey(hash);
    for (const last of [false, true]) {
      const path = await this.#files.path(key, hash).catch(asInvalid);
      if (path === undefined) throw missing(hash);
      if ((await hashOfFile(path)) === hash) return path;
      // A copy may have been damaged on this machine's disk: the storage is asked once more.
      if (!last) await this.#files.forget(key);
    }
    throw new BusanaError('MODEL_INVALID', `${key} in ${this.#files.storage.address} is not the model that its name says`, { remedy }); // prettier-ignore
  }

  /** Markdown; what the file itself says where it came without a card. @throws BusanaError as {@link local} */
  async card(hash: string): Promise<string> {
    const written = await readObject(this.#files.storage, cardKey(hash));
    if (written !== undefined) return written.toString('utf8');
    const path = await this.local(hash);
    const { name, architecture, photos, data_fingerprint } = readMetadata(await readFile(path), path)['busana.provenance']; // prettier-ignore
    return `# ${name}\n\nArchitecture ${architecture}, trained on ${photos} photos, fingerprint \`${data_fingerprint}\`.\n\nThis model came without a card: nothing measured is known of it.\n`;
  }
}

/** Whether a model is damaged or gone, so that another has to be used. */
export function isUnusable(error: unknown): error is BusanaError {
  return error instanceof BusanaError && (error.code === 'MODEL_INVALID' || error.code === 'MODEL_NOT_FOUND');
}

const remedy = 'Restore the file from a backup, or activate another model.';

/** Where a model is in the storage. @throws BusanaError MODEL_NOT_FOUND: nothing else becomes part of a key */
export function modelKey(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw missing(hash);
  return `models/${hash}.onnx`;
}

export function cardKey(hash: string): string {
  return modelKey(hash).replace(/onnx$/, 'md');
}

/** SHA-256 in hexadecimal. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Of a run folder, or of a model that lies beside a page of its name. */
async function cardBeside(file: string): Promise<Uint8Array | undefined> {
  const own = await readIfThere(file.replace(/\.onnx$/, '.md'));
  return own ?? readIfThere(join(dirname(file), 'MODEL_CARD.md'));
}

function asInvalid(error: unknown): never {
  if (!(error instanceof BusanaError) || error.code !== 'OBJECT_DAMAGED') throw error;
  throw new BusanaError('MODEL_INVALID', error.message, { remedy, cause: error });
}

function missing(hash: string): BusanaError {
  return new BusanaError('MODEL_NOT_FOUND', `there is no model ${hash}`);
}
