/** @file Files of ours that run in a thread or process of their own: in the bundle of a clone, as sources, or published. */
import { basename } from 'node:path';

/** Address of the folder of the bundle that this is part of (packages/cli/bin/bundle.js); it is nowhere else. */
declare const BUSANA_BUNDLE: string | undefined;

export interface WorkerFile {
  readonly url: URL;
  /** What Node.js needs to be told to read the file. */
  readonly execArgv: readonly string[];
}

/**
 * @param name without its ending, as seen from the file that starts it, e.g. `./augment-worker`
 * @param from `import.meta.url` of that file
 */
export function workerFile(name: string, from: string): WorkerFile {
  if (typeof BUSANA_BUNDLE === 'string') return { url: new URL(`${basename(name)}.js`, BUSANA_BUNDLE), execArgv: [] };
  if (!from.endsWith('.ts')) return { url: new URL(`${name}.js`, from), execArgv: [] };
  // Found from here, not from where the command was called.
  return { url: new URL(`${name}.ts`, from), execArgv: ['--import', import.meta.resolve('tsx')] };
}
