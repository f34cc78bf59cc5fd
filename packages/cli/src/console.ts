import { BusanaError } from '@busana/contracts';
import cliProgress from 'cli-progress';

export interface ConsoleOptions {
  /** One JSON document on stdout; everything for people goes to stderr. */
  readonly json: boolean;
  readonly quiet: boolean;
  /** Stack traces with errors. */
  readonly debug: boolean;
}

/** What a command says, to people and to programs. */
export class Console {
  readonly options: ConsoleOptions;
  #bar: cliProgress.SingleBar | undefined;

  constructor(options: ConsoleOptions) {
    this.options = options;
  }

  /** A line for people. */
  line(text = ''): void {
    if (this.options.quiet) return;
    this.endProgress();
    (this.options.json ? process.stderr : process.stdout).write(`${text}\n`);
  }

  /** A table for people: text to the left, numbers to the right. */
  table(header: readonly string[], rows: readonly (readonly string[])[]): void {
    const numeric = header.map((_, column) => rows.every((row) => /^[\d.,%-]*$/.test(row[column] ?? '')));
    const widths = header.map((title, column) =>
      Math.max(...[header, ...rows].map((row) => (row[column] ?? title).length)),
    );
    for (const row of [header, ...rows]) {
      this.line(
        row
          .map((cell, column) => (numeric[column]! ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
          .join('  ')
          .trimEnd(),
      );
    }
  }

  /** The answer for programs; only with `--json`. */
  result(document: unknown): void {
    if (this.options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** How far some work is. A bar on a terminal, nothing otherwise: the lines at its end say enough in a log. */
  progress(label: string, done: number, total: number): void {
    if (this.options.quiet || !process.stderr.isTTY) return;
    if (this.#bar === undefined) {
      this.#bar = new cliProgress.SingleBar(
        {
          format: '{label} {bar} {value}/{total} {eta_formatted}',
          barsize: 24,
          clearOnComplete: true,
          hideCursor: true,
          stream: process.stderr,
        },
        cliProgress.Presets.shades_classic,
      );
      this.#bar.start(total, done, { label });
    }
    this.#bar.setTotal(total);
    this.#bar.update(done, { label });
  }

  endProgress(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  /** The error block of the interface, on stderr. */
  error(error: unknown): void {
    this.endProgress();
    const known = error instanceof BusanaError ? error : asInternal(error);
    const problems = known.problems.map(
      ({ file, row, message }) => `  ${file}${row === undefined ? '' : `, row ${row}`}: ${message}\n`,
    );
    process.stderr.write(`error ${known.code}: ${known.message}\n${problems.join('')}${known.remedy}\n`);
    if (this.options.debug) process.stderr.write(`${stackOf(error)}\n`);
  }
}

function asInternal(error: unknown): BusanaError {
  return new BusanaError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
