/** @file What tables there are, as the database itself tells. */
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Orm } from '../database/open.ts';

export interface TableForm {
  readonly name: string;
  /** Those that are given; what the database computes itself is not among them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** What tells rows apart, as an `order by` that is the same on every database. */
  readonly order: string;
  /** Column that numbers rows by itself. */
  readonly numbered: string | null;
}

/** Which processes are at work, and at what: of no use to anybody else. */
const passing: ReadonlySet<string> = new Set(['workers', 'claims']);

const columnsSchema = z.object({
  rows: z.array(
    z.object({ table: z.string(), name: z.string(), type: z.string(), identity: z.boolean(), key: z.int() }),
  ),
});
const referencesSchema = z.object({ rows: z.array(z.object({ from: z.string(), to: z.string() })) });

/** Every table of the catalogue, those that others refer to first. */
export async function tableForms(orm: Pick<Orm, 'execute'>): Promise<TableForm[]> {
  const { rows } = columnsSchema.parse(
    await orm.execute(sql`
      select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
        a.attidentity <> '' as identity, coalesce(array_position(i.indkey::int[], a.attnum::int), -1)::int as key
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      left join pg_index i on i.indrelid = c.oid and i.indisprimary
      where a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      order by c.relname, a.attnum`),
  );
  const names = [...new Set(rows.map(({ table }) => table))].filter((name) => !passing.has(name));
  const forms = names.map((name): TableForm => {
    const columns = rows.filter(({ table }) => table === name);
    const key = columns.filter((column) => column.key >= 0).sort((a, b) => a.key - b.key);
    return {
      name,
      columns: columns.map((column) => ({ name: column.name, type: column.type })),
      order: key.map((column) => `"${column.name}"${column.type === 'text' ? ' collate "C"' : ''}`).join(', '),
      numbered: columns.find(({ identity }) => identity)?.name ?? null,
    };
  });
  const { rows: references } = referencesSchema.parse(
    await orm.execute(sql`
      select f.relname as from, t.relname as to from pg_constraint k
      join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
      where k.contype = 'f' and k.connamespace = 'public'::regnamespace and f.oid <> t.oid`),
  );
  return inOrder(forms, references);
}

/** Nothing before what it refers to. */
function inOrder(forms: readonly TableForm[], references: readonly { from: string; to: string }[]): TableForm[] {
  const left = new Map(forms.map((form) => [form.name, form]));
  const ordered: TableForm[] = [];
  while (left.size > 0) {
    const next = [...left.values()].filter(
      ({ name }) => !references.some(({ from, to }) => from === name && left.has(to)),
    );
    if (next.length === 0) throw new Error(`tables refer to each other: ${[...left.keys()].join(', ')}`);
    for (const form of next) {
      ordered.push(form);
      left.delete(form.name);
    }
  }
  return ordered;
}
