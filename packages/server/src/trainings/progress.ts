/** @file How far a training has come, in the storage: whoever takes it over goes on from there, on any machine. */
import { BusanaError } from '@busana/contracts';
import { makeFolder, readIfThere, unwritable, writeOutput } from '@busana/vision';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { labelledPhotoSchema } from '../jobs/tasks.ts';
import { linkOrCopy } from '../photos/gather.ts';
import { readObject, type Storage } from '../storage/storage.ts';

/** The photos of a training, wherever their files are. */
const chosenSchema = z.object({ train: z.array(labelledPhotoSchema.omit({ path: true })), evaluation: z.array(labelledPhotoSchema.omit({ path: true })) }); // prettier-ignore
export type KnownChosen = z.infer<typeof chosenSchema>;

/** Copying takes at most this share of the time. */
const SHARE = 1 / 5;

export interface ProgressOptions {
  readonly storage: Storage;
  readonly training: number;
  /** Of the training, on this machine. */
  readonly folder: string;
  /** Told of a copy that failed; the next epoch tries again. */
  readonly onFailure: (error: unknown) => void;
}

/** Under `progress/ID/`: the photos chosen, the last checkpoint, and which folder it comes from. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #prefix: string;
  readonly #ending = new AbortController();
  #wanted: string | undefined;
  #copying: Promise<void> | undefined;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#prefix = `progress/${options.training}/`;
  }

  async choose(chosen: KnownChosen): Promise<void> {
    await this.#options.storage.put(`${this.#prefix}chosen.json`, Buffer.from(JSON.stringify(chosenSchema.parse(chosen)))); // prettier-ignore
  }

  /** Undefined where nobody has chosen yet. */
  async chosen(): Promise<KnownChosen | undefined> {
    const bytes = await readObject(this.#options.storage, `${this.#prefix}chosen.json`);
    return bytes && chosenSchema.parse(JSON.parse(bytes.toString('utf8')));
  }

  /**
   * What another machine has learnt since this one was at it.
   * @returns a folder with its checkpoint; undefined where the folder of this machine is the last one, or the first
   * @throws BusanaError STORAGE_UNAVAILABLE, OUTPUT_UNWRITABLE
   */
  async fromElsewhere(): Promise<string | undefined> {
    const { storage, folder } = this.#options;
    const owner = await readObject(storage, `${this.#prefix}owner`);
    if (owner === undefined || owner.toString('utf8') === (await this.#own())) return undefined;
    const object = await storage.open(`${this.#prefix}last.safetensors`);
    if (object === undefined) return undefined;
    const elsewhere = join(folder, 'elsewhere');
    await makeFolder(elsewhere);
    const path = join(elsewhere, 'last.safetensors');
    await pipeline(object.stream, createWriteStream(path)).catch((cause: unknown) => {
      throw cause instanceof BusanaError ? cause : unwritable(path, cause);
    });
    return elsewhere;
  }

  /** After an epoch: its checkpoint is copied as soon as the one before has been. @param checkpoint a file of this machine */
  keep(checkpoint: string): void {
    this.#wanted = checkpoint;
    this.#copying ??= this.#copyAll().finally(() => (this.#copying = undefined));
  }

  /** When what was learnt is in the storage. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#copying;
  }

  /** It is done: nobody goes on with it. */
  async remove(): Promise<void> {
    const { storage } = this.#options;
    for await (const { key } of storage.list(this.#prefix)) await storage.remove(key);
  }

  async #copyAll(): Promise<void> {
    for (let next = this.#wanted; next !== undefined; next = this.#wanted) {
      this.#wanted = undefined;
      const begin = performance.now();
      await this.#copy(next).catch(this.#options.onFailure);
      const rest = (performance.now() - begin) * (1 / SHARE - 1);
      await pause(rest, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    }
  }

  async #copy(checkpoint: string): Promise<void> {
    const { storage } = this.#options;
    // The file is replaced by the next epoch, never changed: a second name keeps this one.
    const kept = `${checkpoint}.kept`;
    await rm(kept, { force: true });
    await linkOrCopy(checkpoint, kept);
    await storage.putFile(`${this.#prefix}last.safetensors`, kept);
    await rm(kept, { force: true });
    await storage.put(`${this.#prefix}owner`, Buffer.from(await this.#own()));
  }

  /** Name of the folder of this machine, whose checkpoint is never older than its copy. */
  async #own(): Promise<string> {
    const file = join(this.#options.folder, 'owner');
    const known = await readIfThere(file);
    if (known !== undefined) return known.toString('utf8');
    const own = randomUUID();
    await writeOutput(file, own);
    return own;
  }
}
