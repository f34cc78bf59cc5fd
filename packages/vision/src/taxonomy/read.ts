import { attributeKindSchema, BusanaError, type Attribute, type Taxonomy } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { guessKind, normaliseName, spellings } from './names.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const valueSchema = z.union([
  z.null().transform(() => ({ names: {}, aliases: [] })),
  text.transform((name) => ({ names: { en: name }, aliases: [] })),
  z
    .object({ aliases: z.array(text).default([]) })
    .catchall(text)
    .transform(({ aliases, ...names }) => ({ names: names, aliases })),
]);
const attributeFileSchema = z.object({
  title: z.union([text.transform((en) => ({ en })), z.record(z.string(), text)]).optional(),
  kind: attributeKindSchema.optional(),
  values: z.record(z.string(), valueSchema),
});
const fileSchema = z.object({ id: z.string().optional(), attributes: z.record(z.string(), attributeFileSchema) });

/** A schema as it is written down. */
export interface SchemaFile {
  /** Where it stands, for people. */
  readonly file: string;
  readonly text: string;
}

/** @throws BusanaError SCHEMA_INVALID */
export async function openSchema(file: string): Promise<SchemaFile> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (cause) {
    throw new BusanaError('SCHEMA_INVALID', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Parses an `attributes.yaml` (interface.md, "Data sets"). Classes stand in the order of the file, whole-number codes
 * by size before others.
 * @throws BusanaError SCHEMA_INVALID naming the file and what is wrong in it
 */
export function parseTaxonomy({ file, text }: SchemaFile): Taxonomy {
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    throw new BusanaError('SCHEMA_INVALID', `${file} is not YAML: ${(cause as Error).message}`, { cause });
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    throw new BusanaError('SCHEMA_INVALID', `${file} is not a valid schema`, {
      problems: parsed.error.issues.map(({ path, message }) => ({ file, message: `${path.join('.')}: ${message}` })),
      cause: parsed.error,
    });
  }
  const attributes = Object.entries(parsed.data.attributes).map(([name, { title, kind, values }]): Attribute => {
    const list = Object.entries(values).map(([code, value]) => ({ code, ...value }));
    if (list.length === 0) throw new BusanaError('SCHEMA_INVALID', `${file}: the attribute '${name}' has no values`);
    return { name, titles: title ?? {}, kind: kind ?? guessKind(name), values: list };
  });
  if (attributes.length === 0) throw new BusanaError('SCHEMA_INVALID', `${file} has no attributes`);
  const problems = attributes.flatMap(ambiguities).map((message) => ({ file, message }));
  if (problems.length > 0) throw new BusanaError('SCHEMA_INVALID', `${file} is ambiguous`, { problems });
  return { id: parsed.data.id ?? 'id', attributes };
}

/** Names that mean two values of an attribute. */
function ambiguities({ name, values }: Attribute): string[] {
  const owner = new Map<string, string>();
  return values.flatMap((value) =>
    [...new Set([value.code, ...spellings(value)].map(normaliseName))].flatMap((spelling) => {
      const other = owner.get(spelling);
      owner.set(spelling, value.code);
      return other === undefined ? [] : [`${name}: '${spelling}' means both ${other} and ${value.code}`];
    }),
  );
}

/**
 * An attribute made of the distinct cells of a column: numbers by size, text in natural order. Cells that differ in
 * case, accents or spaces are one value, written as most of them are.
 * @param most keep so many of the most frequent values
 * @returns undefined when every cell is empty
 */
export function inferAttribute(name: string, cells: readonly string[], most = Infinity): Attribute | undefined {
  const writings = new Map<string, Map<string, number>>();
  for (const cell of cells.map((text) => text.trim())) {
    if (cell === '') continue;
    const counts = writings.get(normaliseName(cell)) ?? new Map<string, number>();
    writings.set(normaliseName(cell), counts.set(cell, (counts.get(cell) ?? 0) + 1));
  }
  const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
  const kept = [...writings.values()].sort((a, b) => total(b) - total(a)).slice(0, most);
  const values = kept.map((counts) => {
    const [code, ...aliases] = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || inOrder(a, b));
    return { code: code!, names: {}, aliases };
  });
  values.sort((a, b) => inOrder(a.code, b.code));
  return values.length === 0 ? undefined : { name, titles: {}, kind: guessKind(name), values };
}

/** Numbers by size and before text; text in natural order. */
function inOrder(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  if (x !== y && !Number.isNaN(x)) return x - y;
  return a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : 1);
}
