/** @file Which columns of a table are attributes, and of what values. */
import { BusanaError, type Attribute, type Taxonomy } from '@busana/contracts';
import { inferAttribute } from '../taxonomy/read.ts';
import type { Table } from './csv.ts';

export interface Column {
  readonly name: string;
  readonly index: number;
  /** Keep so many of the most frequent values; other cells count as not labelled. */
  readonly most?: number;
  /** Cells that count as not labelled. */
  readonly ignored: ReadonlySet<string>;
}

/** The cell of a row in a column, empty where it says nothing. */
export function cellOf({ cells }: Table['rows'][number], { index, ignored }: Column): string {
  const cell = cells[index]!;
  return ignored.has(cell.trim()) ? '' : cell;
}

const choose = { remedy: 'Name the columns to use with --id-column, --group and --attributes.' };

interface ChosenColumns {
  readonly attributes?: readonly string[];
  readonly taxonomy?: Taxonomy;
  readonly ignore?: Readonly<Record<string, readonly string[]>>;
}

/**
 * The columns of the attributes.
 * @param others columns that are no attributes unless asked for
 * @throws BusanaError DATA_INVALID when one is missing, unnamed or there twice
 */
export function chosenColumns(
  table: Table,
  { attributes, taxonomy, ignore = {} }: ChosenColumns,
  others: readonly (number | undefined)[],
  file: string,
): readonly Column[] {
  const names =
    attributes ??
    taxonomy?.attributes.map(({ name }) => name) ??
    table.header.filter((_, index) => !others.includes(index));
  if (names.length === 0) throw new BusanaError('DATA_INVALID', `${file} has no column besides '${table.header[0]}'`);
  return names.map((text) => {
    const column = columnNamed(table, text, file);
    return { ...column, ignored: new Set(ignore[column.name]) };
  });
}

/** A column called just so, or `name:20`: its 20 most frequent values. */
function columnNamed(table: Table, text: string, file: string): Omit<Column, 'ignored'> {
  const [, name, most] = /^(.+):([1-9]\d*)$/.exec(text) ?? [];
  if (name === undefined || table.header.includes(text)) return { name: text, index: columnIndex(table, text, file) };
  return { name, index: columnIndex(table, name, file), most: Number(most) };
}

/** @throws BusanaError DATA_INVALID when the column is missing, unnamed or there twice */
export function columnIndex({ header }: Table, name: string, file: string): number {
  const index = header.indexOf(name);
  if (name === '') throw new BusanaError('DATA_INVALID', `${file} has a column without a name`, choose);
  if (index < 0) {
    throw new BusanaError('DATA_INVALID', `${file} has no column '${name}'; it has ${header.join(', ')}`, choose);
  }
  if (header.indexOf(name, index + 1) >= 0) {
    throw new BusanaError('DATA_INVALID', `${file} has two columns '${name}'`, choose);
  }
  return index;
}

/** An attribute as the schema has it, else with the values that stand in its column. @throws BusanaError DATA_INVALID */
export function attributeOf({ rows }: Table, column: Column, known: Taxonomy | undefined, file: string): Attribute {
  const { name, most } = column;
  const cells = rows.map((row) => cellOf(row, column));
  const attribute = known?.attributes.find((candidate) => candidate.name === name) ?? inferAttribute(name, cells, most);
  if (attribute !== undefined) return attribute;
  throw new BusanaError('DATA_INVALID', `${file}: the column '${name}' is empty`, {
    remedy: 'Name the columns to use with --attributes.',
  });
}
