import { attributeKindSchema, BusanaError, type Attribute, type Taxonomy } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { guessKind } from './names.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const valueSchema = z.union([
  text.transform((name) => ({ names: { en: name } as Record<string, string>, aliases: [] as string[] })),
  z
    .object({ aliases: z.array(text).default([]) })
    .catchall(text)
    .transform(({ aliases, ...names }) => ({ names: names as Record<string, string>, aliases })),
]);
const attributeFileSchema = z.object({
  title: z.union([text.transform((en) => ({ en })), z.record(z.string(), text)]).optional(),
  kind: attributeKindSchema.optional(),
  values: z.record(z.string(), valueSchema),
});
const fileSchema = z.object({ id: z.string().default('id'), attributes: z.record(z.string(), attributeFileSchema) });

/** Reads an `attributes.yaml`. @throws BusanaError SCHEMA_INVALID naming the file and what is wrong in it */
export async function readTaxonomy(file: string): Promise<Taxonomy> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new BusanaError('SCHEMA_INVALID', `${file} cannot be read: ${(cause as Error).message}`, { cause });
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
  return { id: parsed.data.id, attributes };
}

/** An attribute made of the distinct cells of a column: numbers by size, text in natural order. */
export function inferAttribute(name: string, cells: readonly string[]): Attribute {
  const codes = [...new Set(cells.map((cell) => cell.trim()).filter((cell) => cell !== ''))];
  codes.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const values = codes.map((code) => ({ code, names: {}, aliases: [] }));
  return { name, titles: {}, kind: guessKind(name), values };
}
