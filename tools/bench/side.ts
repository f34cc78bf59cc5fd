/**
 * @file One side of the benchmark in a process of its own, so that its memory is its own too. The process is told its
 * case by its arguments, says when it is ready, answers each line with the seconds of one batch, and at the end of its
 * input with the most memory it held. Every answer is a line of JSON.
 */
import { withLargePages } from '@busana/vision';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const readySchema = z.object({ version: z.string(), created: z.number(), macs: z.number().optional() });
const runSchema = z.object({ seconds: z.number().positive() });
const endSchema = z.object({ peak: z.number() });

/** What a side says of itself before the first batch. */
export type Ready = z.infer<typeof readySchema>;

export class Side {
  /** Its versions, the seconds until it was ready to run, and what the network costs per photo. */
  readonly ready: Ready;
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(process: ChildProcess, answers: AsyncIterator<string>, ready: Ready) {
    this.#process = process;
    this.#answers = answers;
    this.ready = ready;
  }

  /** Our side; a training starts as `busana train` does. */
  static async ours(kind: 'train' | 'predict', args: readonly string[]): Promise<Side | string> {
    const environment = kind === 'train' ? withLargePages(process.env) : undefined;
    const worker = join(import.meta.dirname, 'worker.ts');
    return Side.start(process.execPath, ['--import', 'tsx', worker, kind, ...args], environment);
  }

  /** A side, or in words why there is none: the program, a library or the network is missing. */
  static async start(program: string, args: readonly string[], env = process.env): Promise<Side | string> {
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let lastWords = '';
    child.on('error', ({ message }) => (lastWords = message));
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stderr }).on('line', (line) => (lastWords = line || lastWords));
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await answers.next();
    if (first.done !== true) return new Side(child, answers, readySchema.parse(JSON.parse(first.value)));
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) await once(child, 'close');
    return lastWords;
  }

  /** Seconds of one batch. */
  async run(): Promise<number> {
    this.#process.stdin?.write('run\n');
    return runSchema.parse(await this.#answer()).seconds;
  }

  /** Ends the process. @returns bytes of memory it held at most */
  async stop(): Promise<number> {
    this.#process.stdin?.end();
    return endSchema.parse(await this.#answer()).peak;
  }

  async #answer(): Promise<unknown> {
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error('a side of the benchmark ended before its time');
    return JSON.parse(answer.value);
  }
}
