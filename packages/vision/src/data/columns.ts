/** @file Which columns of a table are attributes, and of what values. */
import { BusanaError, type Attribute, type Taxonomy } from '@busana/contracts';
import { inferAttribute } from '../taxonomy/read.ts';
import type { Table } from './csv.ts';

export interface Column {
  /** What the table calls it. */
  readonly title: string;
  /** Name of the attribute. */
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
  readonly attributes?: readonly string[] | undefined;
  readonly taxonomy?: Taxonomy;
  readonly ignore?: Readonly<Record<string, readonly string[]>>;
  readonly rename?: Readonly<Record<string, string>>;
  readonly partial?: boolean;
}

/**
 * The columns of the attributes.
 * @param others columns that are no attributes unless asked for
 * @throws BusanaError DATA_INVALID when one is missing, unnamed or there twice
 */
export function chosenColumns(
  table: Table,
  { attributes, taxonomy, ignore = {}, rename = {}, partial = false }: ChosenColumns,
  others: readonly (number | undefined)[],
  file: string,
): readonly Column[] {
  const rest = table.header.filter((_, index) => !others.includes(index));
  const names = attributes ?? (partial ? undefined : taxonomy?.attributes.map(({ name }) => name)) ?? rest;
  if (names.length === 0) throw new BusanaError('DATA_INVALID', `${file} has no column besides '${table.header[0]}'`);
  const columns = names.map((text): Column => {
    const column = columnNamed(table, text, file);
    return { ...column, name: rename[column.title] ?? column.title, ignored: new Set(ignore[column.title]) };
  });
  expectOfColumns(columns, { ignore, rename }, file);
  return partial && taxonomy !== undefined
    ? columns.filter(({ name }) => taxonomy.attributes.some((attribute) => attribute.name === name))
    : columns;
}

/** A column called just so, or `name:20`: its 20 most frequent values. */
function columnNamed(table: Table, text: string, file: string): Pick<Column, 'title' | 'index' | 'most'> {
  const [, title, most] = /^(.+):([1-9]\d*)$/.exec(text) ?? [];
  if (title === undefined || table.header.includes(text)) return { title: text, index: columnIndex(table, text, file) };
  return { title, index: columnIndex(table, title, file), most: Number(most) };
}

/** What is said about columns must be about columns that are used. */
function expectOfColumns(
  columns: readonly Column[],
  { ignore, rename }: Required<Pick<ChosenColumns, 'ignore' | 'rename'>>,
  file: string,
): void {
  for (const title of [...Object.keys(ignore), ...Object.keys(rename)]) {
    if (columns.some((column) => column.title === title)) continue;
    throw new BusanaError('DATA_INVALID', `${file} has no column '${title}' in use, which ignore or rename names`, {
      remedy: `In use are ${columns.map((column) => column.title).join(', ')}.`,
    });
  }
  const twice = columns.find(({ name }, index) => columns.findIndex((other) => other.name === name) !== index);
  if (twice === undefined) return;
  throw new BusanaError('DATA_INVALID', `${file} has two columns for the attribute '${twice.name}'`, choose);
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

/** The table with only the rows whose cells are among those named. @throws BusanaError DATA_INVALID when none is left */
export function rowsWhere(table: Table, where: Readonly<Record<string, readonly string[]>>, file: string): Table {
  const conditions = Object.entries(where).map(([name, cells]) => ({
    index: columnIndex(table, name, file),
    wanted: new Set(cells),
  }));
  const rows = table.rows.filter(({ cells }) =>
    conditions.every(({ index, wanted }) => wanted.has(cells[index]!.trim())),
  );
  if (rows.length > 0 || conditions.length === 0) return { ...table, rows };
  throw new BusanaError('DATA_INVALID', `${file} has no row where ${describeConditions(where)}`, {
    remedy: 'Write the cells as they stand in the table.',
  });
}

function describeConditions(where: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(where)
    .map(([name, cells]) => `${name} is ${cells.join(' or ')}`)
    .join(' and ');
}

/** An attribute as the schema has it, else with the values that stand in its column. @throws BusanaError DATA_INVALID */
export function attributeOf({ rows }: Table, column: Column, known: KnownAttributes, file: string): Attribute {
  const { name, title, most } = column;
  const cells = rows.map((row) => cellOf(row, column));
  const attribute = knownAttribute(known, column) ?? inferAttribute(name, cells, most);
  if (attribute !== undefined) return attribute;
  throw new BusanaError('DATA_INVALID', `${file}: the column '${title}' is empty`, {
    remedy: 'Name the columns to use with --attributes.',
  });
}

/** What says which values attributes have, besides their cells. */
export interface KnownAttributes {
  /** The schema of the table, which calls attributes by their columns. */
  readonly own: Taxonomy | undefined;
  /** What else the labels are read by, e.g. the taxonomy of a model. */
  readonly given: Taxonomy | undefined;
}

/** The attribute of a column, under its name, as the table's own schema has it, else as the given one does. */
export function knownAttribute(
  { own, given }: KnownAttributes,
  { name, title }: Pick<Column, 'name' | 'title'>,
): Attribute | undefined {
  const find = (taxonomy: Taxonomy | undefined, wanted: string): Attribute | undefined =>
    taxonomy?.attributes.find((candidate) => candidate.name === wanted);
  const attribute = find(own, title) ?? find(own, name) ?? find(given, name);
  return attribute && { ...attribute, name };
}
