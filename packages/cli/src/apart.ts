/**
 * @file A training in a process of its own, which starts with memory in large pages. The process that was started stands
 * for it: signals go on to it, its end is the end of both, and it never outlives the other.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH', 'SIGCONT'] as const;

/**
 * Runs a command line that trains in a process of its own, where that makes it faster.
 * @param argv as `process.argv`
 * @returns its exit code; undefined where the command line is for this process
 */
export async function apart(argv: readonly string[]): Promise<number | undefined> {
  if (argv[2] !== 'train' || argv.includes('--help')) return undefined;
  const { withLargePages } = await import('@busana/vision');
  const environment = withLargePages(process.env);
  if (environment === undefined) {
    endWithParent();
    return undefined;
  }
  const child = spawn(process.execPath, [...process.execArgv, ...argv.slice(1)], {
    env: environment,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // A group of its own: Ctrl-C, which goes to a whole group, comes to it once, from here.
    detached: true,
  });
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  process.on('SIGTSTP', () => {
    child.kill('SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + constants.signals[signal!];
}

/** Where this is the process of its own: nothing else tells it that the other one was killed. */
function endWithParent(): void {
  process.once('disconnect', () => process.exit(1));
  process.channel?.unref();
}
