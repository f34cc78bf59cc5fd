/** @file Arguments of the bench commands: `--help` prints what there is, a wrong argument is answered in two lines. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What the command was given; ends the process after `--help`, and with exit code 2 when something is wrong. */
export function readArguments<T extends ParseArgsConfig>(config: T, help: string): ReturnType<typeof parseArgs<T>> {
  const given = process.argv.slice(2);
  if (given.includes('--help') || given.includes('-h')) {
    process.stdout.write(`${help.trim()}\n`);
    process.exit(0);
  }
  try {
    return parseArgs<T>({ ...config, args: given });
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Ends the process with what is wrong about its arguments. */
export function refuse(reason: string): never {
  process.stderr.write(`${reason}\n--help lists the arguments, with an example.\n`);
  process.exit(2);
}
