import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A Python that has PyTorch, kept running and asked for one batch at a time. */
export class PyTorch {
  readonly version: string;
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(process: ChildProcess, answers: AsyncIterator<string>, version: string) {
    this.#process = process;
    this.#answers = answers;
    this.version = version;
  }

  /** Undefined where the interpreter or PyTorch is missing. */
  static async start(python: string): Promise<PyTorch | undefined> {
    const script = fileURLToPath(new URL('./pytorch.py', import.meta.url));
    const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.on('error', () => undefined);
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await answers.next();
    return first.done === true ? undefined : new PyTorch(child, answers, first.value);
  }

  /** Seconds of one batch. @param what `train|predict MODEL BATCH default|channels_last` */
  async seconds(what: string): Promise<number> {
    this.#process.stdin?.write(`${what}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error(`PyTorch ended while running '${what}'`);
    return Number(answer.value);
  }

  stop(): void {
    this.#process.stdin?.end();
  }
}
