/**
 * @file The rows of a table as lines, and lines as rows again. A line is a JSON array of texts, each as PostgreSQL writes
 * the value and reads it again: exactly, whichever version or home wrote it.
 */
import { sql } from 'drizzle-orm';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';
import type { TableForm } from './catalog.ts';
import type { BackupTable } from './manifest.ts';

/** Rows of one statement. */
const PAGE = 1000;
/** Characters of one statement that writes: below what makes a parser slow. */
const LARGEST = 4 * 2 ** 20;

const linesSchema = z.object({ rows: z.array(z.object({ line: z.string() })) });
const countSchema = z.object({ rows: z.tuple([z.object({ rows: z.coerce.number() })]) });
const sequenceSchema = z.object({ rows: z.tuple([z.object({ last: z.coerce.string(), called: z.boolean() })]) });
const nameSchema = z.object({ rows: z.tuple([z.object({ name: z.string() })]) });

type Transaction = Pick<Orm, 'execute'>;

/** Values are written one way, whatever the settings of the server. */
export async function plainValues(transaction: Transaction): Promise<void> {
  await transaction.execute(sql.raw(`set local timezone = 'UTC'`));
  await transaction.execute(sql.raw(`set local datestyle = 'ISO, YMD'`));
  await transaction.execute(sql.raw(`set local intervalstyle = 'postgres'`));
  await transaction.execute(sql.raw(`set local bytea_output = 'hex'`));
  await transaction.execute(sql.raw(`set local extra_float_digits = 1`));
}

export async function countRows(transaction: Transaction, { name }: Pick<TableForm, 'name'>): Promise<number> {
  return countSchema.parse(await transaction.execute(sql.raw(`select count(*) as rows from "${name}"`))).rows[0].rows;
}

/** Every row, a page of lines at a time. */
export async function* linesOf(
  transaction: Transaction,
  { name, columns, order }: TableForm,
): AsyncGenerator<string[]> {
  const texts = columns.map((column) => `"${column.name}"::text`).join(', ');
  await transaction.execute(sql.raw(`declare lines no scroll cursor for select json_build_array(${texts})::text as line from "${name}" order by ${order}`)); // prettier-ignore
  for (;;) {
    const { rows } = linesSchema.parse(await transaction.execute(sql.raw(`fetch ${PAGE} from lines`)));
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
  }
  await transaction.execute(sql.raw('close lines'));
}

/** @param write given the lines, each with its end */
export async function dumpTable(
  transaction: Transaction,
  form: TableForm,
  write: (text: string) => Promise<void>,
): Promise<BackupTable> {
  const hash = createHash('sha256');
  let [rows, bytes] = [0, 0];
  for await (const lines of linesOf(transaction, form)) {
    const text = lines.map((line) => `${line}\n`).join('');
    hash.update(text);
    rows += lines.length;
    bytes += Buffer.byteLength(text);
    await write(text);
  }
  const columns = form.columns.map(({ name }) => name);
  return { name: form.name, columns, rows, bytes, sha256: hash.digest('hex'), sequence: await sequenceOf(transaction, form) }; // prettier-ignore
}

async function sequenceOf(transaction: Transaction, { name, numbered }: TableForm): Promise<BackupTable['sequence']> {
  if (numbered === null) return null;
  const sequence = await sequenceName(transaction, name, numbered);
  const { rows: [state] } = sequenceSchema.parse(await transaction.execute(sql.raw(`select last_value as last, is_called as called from ${sequence}`))); // prettier-ignore
  return { column: numbered, ...state };
}

async function sequenceName(transaction: Transaction, table: string, column: string): Promise<string> {
  const { rows: [{ name }] } = nameSchema.parse(await transaction.execute(sql`select pg_get_serial_sequence(${`"${table}"`}, ${column}) as name`)); // prettier-ignore
  return name;
}

/** Into a table that is empty. What keeps other tables up to date is silent: they have rows of their own. */
export async function loadTable(
  transaction: Transaction,
  form: TableForm,
  { columns, sequence }: Pick<BackupTable, 'columns' | 'sequence'>,
  lines: AsyncIterable<string>,
): Promise<void> {
  const { name } = form;
  const types = new Map(form.columns.map((column) => [column.name, column.type]));
  const values = columns.map((column, at) => `(line->>${at})::${types.get(column)}`).join(', ');
  const names = columns.map((column) => `"${column}"`).join(', ');
  const insert = (batch: readonly string[]) =>
    transaction.execute(sql`insert into ${sql.identifier(name)} (${sql.raw(names)}) overriding system value
      select ${sql.raw(values)} from json_array_elements(${`[${batch.join(',')}]`}::json) with ordinality as page (line, at) order by at`); // prettier-ignore
  await transaction.execute(sql.raw(`alter table "${name}" disable trigger user`));
  let batch: string[] = [];
  let length = 0;
  for await (const line of lines) {
    batch.push(line);
    length += line.length;
    if (batch.length < PAGE && length < LARGEST) continue;
    await insert(batch);
    [batch, length] = [[], 0];
  }
  if (batch.length > 0) await insert(batch);
  await transaction.execute(sql.raw(`alter table "${name}" enable trigger user`));
  if (sequence === null) return;
  const own = await sequenceName(transaction, name, sequence.column);
  await transaction.execute(sql`select setval(${own}::regclass, ${sequence.last}::bigint, ${sequence.called})`);
}
