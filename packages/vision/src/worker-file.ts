/** @file Files of ours that run in a thread or process of their own: TypeScript in a clone, JavaScript once published. */

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
  if (!from.endsWith('.ts')) return { url: new URL(`${name}.js`, from), execArgv: [] };
  // Found from here, not from where the command was called.
  return { url: new URL(`${name}.ts`, from), execArgv: ['--import', import.meta.resolve('tsx')] };
}
