import { BusanaError, errorTable } from '@busana/contracts';
import { Command, CommanderError } from 'commander';
import { readFile } from 'node:fs/promises';
import { apart } from './apart.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { backupCommand, restoreCommand } from './commands/backup.ts';
import { compareCommand } from './commands/compare.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { modelsCommand } from './commands/models.ts';
import { predictCommand } from './commands/predict.ts';
import { serveCommand } from './commands/serve.ts';
import { tokenCommand } from './commands/token.ts';
import { trainCommand } from './commands/train.ts';
import { upgradeCommand } from './commands/upgrade.ts';
import { weightsCommand } from './commands/weights.ts';
import { workerCommand } from './commands/worker.ts';
import { Console } from './console.ts';
import { manifestSchema } from './manifest.ts';

const commands = [
  demoCommand,
  analyzeCommand,
  trainCommand,
  compareCommand,
  evaluateCommand,
  predictCommand,
  explainCommand,
  serveCommand,
  workerCommand,
  tokenCommand,
  backupCommand,
  restoreCommand,
  upgradeCommand,
  exportCommand,
  modelsCommand,
  weightsCommand,
  doctorCommand,
];

/** As {@link main}, for the program: what trains may go on in a process of its own. */
export async function start(argv: readonly string[]): Promise<number> {
  return (await apart(argv)) ?? (await main(argv));
}

/**
 * Runs one command line.
 * @param argv as `process.argv`
 * @returns the exit code: 0 done, 1 the work failed, 2 the command was wrong
 */
export async function main(argv: readonly string[]): Promise<number> {
  const flag = (name: string) => argv.includes(name);
  const output = new Console({ json: flag('--json'), quiet: flag('--quiet'), debug: flag('--debug') });
  // A reader that went away (`busana … | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const interrupted = interruption(output);
  try {
    const program = await buildProgram();
    for (const add of commands) add(program, { output, signal: interrupted.signal });
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    output.error(error);
    return error instanceof BusanaError ? errorTable[error.code].exitCode : 1;
  } finally {
    interrupted.forget();
  }
}

async function buildProgram(): Promise<Command> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const program = new Command('busana')
    .description('Photos of fashion products into attributes a shop can use: train, compare, evaluate and predict.')
    .version(manifestSchema.parse(manifest).version, '--version', 'print the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .showHelpAfterError('Run the command with --help to see what it takes.')
    .exitOverride();
  return program;
}

/** The first Ctrl-C asks the command to stop after the step at hand; the second ends the process. */
function interruption(output: Console): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    output.line('stopping … (again to stop at once)');
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    forget() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
