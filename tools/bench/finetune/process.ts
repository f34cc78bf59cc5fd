/** @file A program from start to end: its seconds, the most memory it held, and the JSON it prints. */
import { spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';

/** Between two looks at the memory of a program. */
const INTERVAL = 500;

export interface Finished {
  /** From its start to its end. */
  readonly seconds: number;
  /** Most bytes that it and its child processes held at once, pages they share counted once; undefined without /proc. */
  readonly peak: number | undefined;
  /** The JSON document on stdout. */
  readonly answer: unknown;
}

/** @throws Error with the last of stderr when the program fails */
export async function runToEnd(program: string, args: readonly string[]): Promise<Finished> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
  let peak: number | undefined;
  const look = async (): Promise<void> => {
    const now = child.pid === undefined ? undefined : await memoryOf(child.pid);
    if (now !== undefined) peak = Math.max(peak ?? 0, now);
  };
  const timer = setInterval(() => void look(), INTERVAL);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    const seconds = (performance.now() - started) / 1000;
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}`);
    return { seconds, peak, answer: JSON.parse(stdout) };
  } finally {
    clearInterval(timer);
  }
}

/**
 * Proportional set size of a process and those it started, in bytes: pages that several share are divided among them
 * (https://docs.kernel.org/filesystems/proc.html, smaps_rollup). Undefined where there is no such file.
 */
export async function memoryOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  if (kibibytes === undefined) return undefined;
  let bytes = Number(kibibytes) * 1024;
  for (const child of await childrenOf(pid)) bytes += (await memoryOf(child)) ?? 0;
  return bytes;
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''));
  return (await Promise.all(lists)).flatMap((list) =>
    list
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  );
}
