import { BusanaError, type Problem } from '@busana/contracts';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

export interface Table {
  readonly header: readonly string[];
  /** Cells as they stand, one per column, and the line the row begins on (1 = the header). */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  /** Rows that do not fit the header. */
  readonly problems: readonly Problem[];
}

const recordSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/**
 * Reads a CSV: with or without byte order mark, any line ends, commas, semicolons or tabs, quotes with line breaks.
 * @throws BusanaError DATA_INVALID when it has no header or a quote never ends
 */
export function readTable(bytes: Uint8Array, file: string): Table {
  const text = new TextDecoder().decode(bytes);
  let records: z.infer<typeof recordSchema>;
  try {
    records = recordSchema.parse(
      parse(text, {
        bom: true,
        delimiter: sniffDelimiter(text),
        info: true,
        relax_column_count: true,
        skip_empty_lines: true,
        trim: true,
      }),
    );
  } catch (cause) {
    throw new BusanaError('DATA_INVALID', `${file} is not a readable CSV: ${(cause as Error).message}`, { cause });
  }
  const [first, ...rest] = records;
  if (first === undefined) throw new BusanaError('DATA_INVALID', `${file} is empty`);
  const header = first.record;
  // `lines` is where a record ends: the next one begins on the line after.
  const rows = rest.map(({ record }, index) => ({ line: (records[index]?.info.lines ?? 0) + 1, cells: record }));
  const fits = ({ cells }: { cells: readonly string[] }): boolean => cells.length === header.length;
  const problems = rows
    .filter((row) => !fits(row))
    .map(({ line, cells }) => ({
      file,
      row: line,
      message: `the row has ${cells.length} cells, the header ${header.length}`,
    }));
  return { header, rows: rows.filter(fits), problems };
}

/** The separator that the first line has most of, outside quotes. */
function sniffDelimiter(text: string): string {
  const firstLine = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (separator: string): number => firstLine.split(separator).length;
  return [',', ';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}
