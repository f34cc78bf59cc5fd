/** @file Servers and workers as processes of their own, started and killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const binary = fileURLToPath(new URL('../../packages/cli/bin/busana.js', import.meta.url));
const saidSchema = z.object({ address: z.string().optional(), worker: z.string().optional() });

export interface Running {
  readonly name: string;
  readonly child: ChildProcess;
  /** When it has said where it listens, or which worker it is; undefined when it has ended before. */
  readonly said: Promise<z.infer<typeof saidSchema> | undefined>;
  readonly ended: Promise<unknown>;
}

/** @param log folder of what it says on stderr */
export function start(name: string, args: readonly string[], log: string): Running {
  const child = spawn(process.execPath, [binary, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(join(log, `${name}.log`)));
  const ended = once(child, 'close');
  let text = '';
  const said = new Promise<z.infer<typeof saidSchema> | undefined>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('}\n')) resolve(saidSchema.parse(JSON.parse(text)));
    });
    child.once('close', () => resolve(undefined));
  });
  return { name, child, said, ended };
}

/** Milliseconds in which a process that is asked to has ended. */
const PATIENCE = 30_000;

/** Ends all, asked to; one that does not is killed. */
export async function endAll(running: readonly Running[]): Promise<void> {
  for (const { child } of running) child.kill('SIGTERM');
  const late = setTimeout(() => running.forEach(({ child }) => child.kill('SIGKILL')), PATIENCE);
  await Promise.all(running.map(({ ended }) => ended)).finally(() => clearTimeout(late));
}
