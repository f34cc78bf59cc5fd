/** @file The model files of the server, each once, under the hash of what it contains; beside each its card. */
import { BusanaError } from '@busana/contracts';
import { hashOf, isThere, locateModel, makeFolder, readIfThere, readMetadata, writeOutput } from '@busana/vision';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export class ModelFiles {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param folder made where missing @throws BusanaError OUTPUT_UNWRITABLE */
  static async open(folder: string): Promise<ModelFiles> {
    await makeFolder(folder);
    return new ModelFiles(folder);
  }

  /**
   * Copies a model and its card, where they are not there yet.
   * @param path a model file or a run folder
   * @returns its hash and name
   * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID, OUTPUT_UNWRITABLE
   */
  async install(path: string): Promise<{ hash: string; name: string }> {
    const file = await locateModel(path);
    const bytes = await readFile(file);
    const hash = hashOf([bytes]);
    const { name } = readMetadata(bytes, file)['busana.provenance'];
    const card = await cardBeside(file);
    if (card !== undefined) await writeOutput(this.#card(hash), card);
    if (!(await this.has(hash))) await writeOutput(this.path(hash), bytes);
    return { hash, name };
  }

  path(hash: string): string {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new BusanaError('MODEL_NOT_FOUND', `there is no model ${hash}`);
    return join(this.#folder, `${hash}.onnx`);
  }

  has(hash: string): Promise<boolean> {
    return isThere(this.path(hash));
  }

  /** Markdown; what the file itself says where it came without a card. @throws BusanaError MODEL_NOT_FOUND */
  async card(hash: string): Promise<string> {
    const path = this.path(hash);
    const written = await readIfThere(this.#card(hash));
    if (written !== undefined) return written.toString('utf8');
    const bytes = await readIfThere(path);
    if (bytes === undefined) throw new BusanaError('MODEL_NOT_FOUND', `there is no model ${hash}`);
    const { name, architecture, photos, data_fingerprint } = readMetadata(bytes, path)['busana.provenance'];
    return `# ${name}\n\nArchitecture ${architecture}, trained on ${photos} photos, fingerprint \`${data_fingerprint}\`.\n\nThis model came without a card: nothing measured is known of it.\n`;
  }

  #card(hash: string): string {
    return join(this.#folder, `${hash}.md`);
  }
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
