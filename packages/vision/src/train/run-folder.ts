import { BusanaError } from '@busana/contracts';
import { access, mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/**
 * A run's folder. Files appear complete or not at all: each is written under a temporary name and renamed.
 */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** `<project>/<name>`, or `<name>-2`, `-3` … when it exists. @throws BusanaError OUTPUT_UNWRITABLE */
  static async create(project: string, name: string): Promise<RunFolder> {
    await makeFolder(project);
    for (let attempt = 1; ; attempt += 1) {
      const path = join(project, attempt === 1 ? name : `${name}-${attempt}`);
      try {
        await mkdir(path);
        return new RunFolder(path);
      } catch (cause) {
        if (!isCode(cause, 'EEXIST')) throw unwritable(path, cause);
      }
    }
  }

  /** A run to be resumed. @throws BusanaError RESUME_IMPOSSIBLE when the folder holds no run */
  static async open(path: string): Promise<RunFolder> {
    try {
      await access(join(path, 'config.yaml'));
    } catch (cause) {
      throw new BusanaError('RESUME_IMPOSSIBLE', `${path} is not a run folder: it has no config.yaml`, { cause });
    }
    return new RunFolder(path);
  }

  /** Name of the run. */
  get name(): string {
    return basename(this.path);
  }

  file(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  /** @throws BusanaError OUTPUT_UNWRITABLE, for a full disk too */
  async write(name: string, content: string | Uint8Array): Promise<void> {
    const path = this.file(name);
    await makeFolder(dirname(path));
    try {
      await writeFileAtomic(
        path,
        typeof content === 'string' ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength),
      );
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  async writeJson(name: string, content: unknown): Promise<void> {
    await this.write(name, `${JSON.stringify(content, null, 2)}\n`);
  }

  /** Content of a file of the run; undefined when it does not exist. */
  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.file(name));
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function unwritable(path: string, cause: unknown): BusanaError {
  const reason = isCode(cause, 'ENOSPC') ? 'the disk is full' : cause instanceof Error ? cause.message : String(cause);
  return new BusanaError('OUTPUT_UNWRITABLE', `cannot write ${path}: ${reason}`, { cause });
}
