import { BusanaError, type Problem } from '@busana/contracts';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

export interface Table {
  readonly header: readonly string[];
  /** Cells without spaces around, one per column, and the line the row begins on (1 = the first line). */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  /** Rows that do not fit the header. */
  readonly problems: readonly Problem[];
}

const recordSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/**
 * Reads a CSV: with or without byte order mark, any line ends, commas, semicolons or tabs, quotes with line breaks.
 * @throws BusanaError DATA_INVALID when it is empty, not text, or a quote never ends
 */
export function readTable(bytes: Uint8Array, file: string): Table {
  const text = decodeText(bytes, file);
  let records: z.infer<typeof recordSchema>;
  try {
    const delimiter = sniffDelimiter(text);
    records = recordSchema.parse(
      parse(text, {
        bom: true,
        delimiter,
        // Empty lines are left in until their numbers are known.
        info: true,
        record_delimiter: '\n',
        relax_column_count: true,
        // Spaces before a quote; the parser would take a tab for one.
        trim: delimiter !== '\t',
      }),
    );
  } catch (cause) {
    throw new BusanaError('DATA_INVALID', `${file} is not a readable CSV: ${(cause as Error).message}`, { cause });
  }
  // `lines` is where a record ends: the next one begins on the line after.
  const filled = records
    .map(({ record }, index) => ({
      line: (records[index - 1]?.info.lines ?? 0) + 1,
      cells: record.map((cell) => cell.trim()),
    }))
    .filter(({ cells }) => cells.length > 1 || cells[0] !== '');
  const [first, ...rows] = filled;
  if (first === undefined) throw new BusanaError('DATA_INVALID', `${file} is empty`);
  const header = first.cells;
  const fits = ({ cells }: { cells: readonly string[] }): boolean => cells.length === header.length;
  const problems = rows
    .filter((row) => !fits(row))
    .map(({ line, cells }) => ({
      file,
      row: line,
      message: `the row has ${cells.length} cell${cells.length === 1 ? '' : 's'}, the header ${header.length}`,
    }));
  return { header, rows: rows.filter(fits), problems };
}

/** UTF-8, or UTF-16 with a byte order mark, as spreadsheets write it; every line end becomes `\n`. */
function decodeText(bytes: Uint8Array, file: string): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    const text = new TextDecoder(utf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
    return text.replace(/\r\n?/g, '\n');
  } catch (cause) {
    throw new BusanaError('DATA_INVALID', `${file} is not UTF-8 text`, {
      remedy: 'Save the table as CSV in UTF-8.',
      cause,
    });
  }
}

/** The separator that the first line has most of, outside quotes. */
function sniffDelimiter(text: string): string {
  const firstLine = /^[^\n]*/.exec(text.replace(/"[^"]*"/g, '').replace(/^\n+/, ''))?.[0] ?? '';
  const count = (separator: string): number => firstLine.split(separator).length;
  return [',', ';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}
