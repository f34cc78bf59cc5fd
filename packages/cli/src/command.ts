import { BusanaError } from '@busana/contracts';
import type { Command } from 'commander';
import type { Console } from './console.ts';

/** What every command is given. */
export interface CommandContext {
  readonly output: Console;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Flags that every command has. */
export function withCommonFlags(command: Command, example: string): Command {
  return command
    .option('--json', 'print one JSON document on stdout')
    .option('--quiet', 'print nothing but results and errors')
    .option('--debug', 'print stack traces with errors')
    .helpOption('--help', 'show this help')
    .addHelpText('after', `\nExample:\n  ${example}`);
}

const dataFlag = [
  '--data <path>',
  'folder, zip or CSV file with labels; a folder per class; or a YAML list of these',
] as const;

/** Flags of commands that read a labelled data set. */
export function withDataFlags(command: Command): Command {
  return withDataDetails(command.requiredOption(...dataFlag));
}

/** The same of a command that can do without data; whoever needs them asks {@link expectData}. */
export function withOptionalDataFlags(command: Command): Command {
  return withDataDetails(command.option(...dataFlag));
}

/** @throws BusanaError USAGE */
export function expectData<T extends { readonly data?: string }>(flags: T, remedy: string): T & { data: string } {
  if (flags.data === undefined) throw new BusanaError('USAGE', 'no data are named', { remedy });
  return { ...flags, data: flags.data };
}

function withDataDetails(command: Command): Command {
  return command
    .option('--images <path>', 'folder or zip of the photos, when --data is a CSV file')
    .option('--id-column <name>', 'column that names the photo (default: the first)')
    .option(
      '--attributes <names>',
      'columns to use, by commas; name:20 keeps the 20 most frequent values (default: all)',
    )
    .option('--group <column>', 'column whose photos share a fold, e.g. the product or the sender')
    .option('--schema <file>', 'attributes.yaml with values, titles and aliases')
    .option('--skip-bad', 'leave out rows and photos with problems and say which');
}

export interface DataFlags {
  readonly data: string;
  readonly images?: string;
  readonly idColumn?: string;
  readonly attributes?: string;
  readonly group?: string;
  readonly schema?: string;
  readonly skipBad?: boolean;
}

/** The flags of {@link withDataFlags} as the library takes them. */
export function dataOptions({ data, images, idColumn, attributes, group, schema, skipBad }: DataFlags) {
  const names = attributes?.split(',').map((name) => name.trim());
  return { source: data, images, idColumn, attributes: names, group, schema, skipBad };
}
