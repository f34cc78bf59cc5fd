import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../../bin/busana.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real binary in a working directory. `onOutput` sees what it prints as it prints it. */
export function runBinary(
  folder: string,
  args: readonly string[],
  onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [binary, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    const see = (text: string): void => onOutput?.(text, (signal) => child.kill(signal));
    child.stdout.on('data', (chunk: Buffer) => see((stdout += chunk.toString())));
    child.stderr.on('data', (chunk: Buffer) => see((stderr += chunk.toString())));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
