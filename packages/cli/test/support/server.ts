/** @file The server as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const binary = fileURLToPath(new URL('../../bin/busana.js', import.meta.url));

export interface Server {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** Where it listens. */
  readonly address: () => Promise<string>;
}

/** `busana serve` with one thread, on any free port. */
export function startServer(folder: string, ...args: readonly string[]): Server {
  return start(folder, ['serve', '--port', '0', ...args]);
}

/** `busana worker` with one thread. */
export function startWorker(folder: string, ...args: readonly string[]): Server {
  return start(folder, ['worker', ...args]);
}

function start(folder: string, args: readonly string[]): Server {
  const child = spawn(process.execPath, [binary, ...args, '--json', '--threads', '1'], { cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  const address = async (): Promise<string> => {
    while (!stdout.includes('}\n')) {
      const end = await Promise.race([once(child.stdout, 'data'), ended]);
      if ('code' in end) throw new Error(end.stderr);
    }
    return z.object({ address: z.string() }).parse(JSON.parse(stdout)).address;
  };
  return { child, ended, address };
}

/** What the server tells of a piece of work, up to its end or the server's. */
export async function* follow<T>(url: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  const [response] = (await once(get(url), 'response')) as [IncomingMessage];
  // A server that is killed breaks the connection off.
  response.on('error', () => undefined);
  try {
    for await (const line of createInterface({ input: response })) {
      if (line.startsWith('data: ')) yield schema.parse(JSON.parse(line.slice(6)));
    }
  } finally {
    response.destroy();
  }
}
