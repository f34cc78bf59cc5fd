import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const manifestSchema = z.object({ version: z.string() });

/** What a run's numbers depend on besides its configuration: `environment.json`. */
export interface Environment {
  readonly versions: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gib: number;
  /** Commit of the working folder, when it is a git checkout. */
  readonly commit: string | null;
}

export async function describeEnvironment(): Promise<Environment> {
  const names = ['onnxruntime-node', 'sharp'];
  const libraries = await Promise.all(names.map(async (name) => [name, await installedVersion(name)] as const));
  return {
    versions: {
      busana: await version(new URL('../../package.json', import.meta.url)),
      node: process.version,
      ...Object.fromEntries(libraries),
    },
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    commit: await currentCommit(),
  };
}

/** Version of an installed package, found from the file that its name resolves to. */
async function installedVersion(name: string): Promise<string> {
  for (let folder = new URL('./', import.meta.resolve(name)); ; folder = new URL('../', folder)) {
    if (folder.pathname.endsWith(`/node_modules/${name}/`)) return version(new URL('package.json', folder));
    if (folder.pathname === '/') return 'unknown';
  }
}

async function version(manifest: URL): Promise<string> {
  return manifestSchema.parse(JSON.parse(await readFile(manifest, 'utf8'))).version;
}

async function currentCommit(): Promise<string | null> {
  try {
    return (await promisify(execFile)('git', ['rev-parse', 'HEAD'])).stdout.trim();
  } catch {
    return null;
  }
}
