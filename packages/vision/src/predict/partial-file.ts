/**
 * @file A result while it grows: rows in `FILE.partial`, and beside it, in `FILE.partial.json`, what they are made of.
 * Both outlive a run that stops, whatever stops it, and a later run goes on with them; a whole result takes its name.
 */
import { BusanaError } from '@busana/contracts';
import { open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { Photo } from '../data/dataset.ts';
import { isThere } from '../output/read.ts';
import { hasCode, unwritable, writeOutput } from '../output/write.ts';
import { findContinuation, impossible, type Continuation } from './resume.ts';

const originSchema = z.object({
  version: z.literal(1),
  /** Hash of the model, or of all that are averaged. */
  model: z.string(),
  format: z.enum(['csv', 'jsonl']),
  /** As they were given. */
  sources: z.array(z.string()).min(1),
});

/** What rows are made of. */
export type Origin = Omit<z.infer<typeof originSchema>, 'version'>;

export interface Plan {
  /** The result's name. */
  readonly out: string;
  readonly origin: Origin;
  readonly header: string | undefined;
  readonly batch: number;
  readonly photos: AsyncIterable<Photo>;
}

const goOn = 'Make room for it; what is written so far is kept, and the same command with --resume goes on with it.';
const rowsOf = (out: string): string => `${out}.partial`;
const originOf = (out: string): string => `${out}.partial.json`;

export class PartialFile {
  /** What earlier runs have left to do. */
  readonly continuation: Continuation;
  readonly #out: string;
  readonly #file: FileHandle;
  #end: number;

  private constructor(out: string, file: FileHandle, continuation: Continuation) {
    this.#out = out;
    this.#file = file;
    this.#end = continuation.end;
    this.continuation = continuation;
  }

  /** Whether an earlier run left something to go on with. */
  static exists(out: string): Promise<boolean> {
    return isThere(rowsOf(out));
  }

  /** A new one, in place of what an earlier run has left. @throws BusanaError OUTPUT_UNWRITABLE */
  static async start({ out, origin, header, photos }: Plan): Promise<PartialFile> {
    return attempt(out, async () => {
      // Removed and not emptied: a run that still writes there must not write into this one.
      await rm(rowsOf(out), { force: true });
      await writeOutput(originOf(out), `${JSON.stringify({ version: 1, ...origin }, null, 2)}\n`);
      const file = new PartialFile(out, await open(rowsOf(out), 'wx'), { kept: 0, failed: 0, end: 0, photos });
      if (header !== undefined) await file.append([header]);
      return file;
    });
  }

  /** @throws BusanaError RESUME_IMPOSSIBLE when it is of another model, form or list of photos; OUTPUT_UNWRITABLE */
  static async resume({ out, origin, header, batch, photos }: Plan): Promise<PartialFile> {
    await checkOrigin(out, origin);
    const interrupted = { file: rowsOf(out), format: origin.format, header, batch };
    const continuation = await findContinuation(interrupted, photos);
    return attempt(out, async () => {
      const file = new PartialFile(out, await open(rowsOf(out), 'r+'), continuation);
      await file.#file.truncate(continuation.end);
      if (continuation.end === 0 && header !== undefined) await file.append([header]);
      return file;
    });
  }

  /** Adds lines, without line ends. @throws BusanaError OUTPUT_UNWRITABLE */
  async append(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    await attempt(
      this.#out,
      async () => {
        for (let written = 0; written < bytes.length;) {
          const place = this.#end + written;
          written += (await this.#file.write(bytes, written, bytes.length - written, place)).bytesWritten;
        }
      },
      goOn,
    );
    this.#end += bytes.length;
  }

  /** Gives the result its name. @throws BusanaError OUTPUT_UNWRITABLE */
  async finish(): Promise<void> {
    await attempt(this.#out, async () => {
      await this.#file.sync();
      const [own, there] = [await this.#file.stat(), await stat(rowsOf(this.#out)).catch(() => undefined)];
      if (there?.ino !== own.ino) throw new Error('another run has begun to write it');
      await this.#file.close();
      await rename(rowsOf(this.#out), this.#out);
      await rm(originOf(this.#out), { force: true });
    });
  }

  /** What is written stays, for a later run. */
  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function checkOrigin(out: string, origin: Origin): Promise<void> {
  const before = await readOrigin(out);
  const same = (key: keyof Origin): boolean => JSON.stringify(before[key]) === JSON.stringify(origin[key]);
  if (!same('model')) throw impossible(rowsOf(out), 'it was made with another model');
  if (!same('format')) throw impossible(rowsOf(out), `it is ${before.format}, not ${origin.format}`);
  const [first, ...others] = before.sources;
  const many = others.length === 0 ? '' : ` and ${others.length} more`;
  if (!same('sources')) throw impossible(rowsOf(out), `it was made of ${first}${many}, and these are other sources`);
}

async function readOrigin(out: string): Promise<Origin> {
  try {
    return originSchema.parse(JSON.parse(await readFile(originOf(out), 'utf8')));
  } catch (cause) {
    const how = hasCode(cause, 'ENOENT') ? 'missing' : 'damaged';
    throw impossible(rowsOf(out), `${originOf(out)}, which says what it was made of, is ${how}`, cause);
  }
}

async function attempt<T>(out: string, work: () => Promise<T>, remedy?: string): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof BusanaError) throw cause;
    const { code, message } = unwritable(out, cause);
    throw new BusanaError(code, message, { cause, ...(remedy !== undefined && { remedy }) });
  }
}
