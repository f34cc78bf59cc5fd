import { BusanaError } from '@busana/contracts';
import { access, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readIfThere } from '../output/read.ts';
import { hasCode, makeFolder, unwritable, writeOutput } from '../output/write.ts';

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
        if (!hasCode(cause, 'EEXIST')) throw unwritable(path, cause);
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
    await writeOutput(this.file(name), content);
  }

  async writeJson(name: string, content: unknown): Promise<void> {
    await this.write(name, `${JSON.stringify(content, null, 2)}\n`);
  }

  /** Content of a file of the run; undefined when it does not exist. */
  read(name: string): Promise<Uint8Array | undefined> {
    return readIfThere(this.file(name));
  }
}
