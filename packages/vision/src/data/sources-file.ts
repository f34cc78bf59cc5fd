/** @file The file that lists the sources of a data set. */
import { BusanaError } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { DatasetOptions } from './open-one.ts';

/** YAML reads `NA` as text, `no` and `0` as something else. */
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const sourceSchema = z.strictObject({
  /** Folder, zip or CSV, relative to the file. */
  data: z.string(),
  /** Prefix of ids and groups; default: what the data are called. */
  name: z.string().min(1).optional(),
  images: z.string().optional(),
  id: z.string().optional(),
  attributes: z.array(z.string()).min(1).optional(),
  ignore: z.record(z.string(), z.array(text)).optional(),
  where: z.record(z.string(), z.array(text).min(1)).optional(),
  rename: z.record(z.string(), z.string()).optional(),
  group: z.string().optional(),
  schema: z.string().optional(),
  skipBad: z.boolean().default(false),
});
const fileSchema = z.array(sourceSchema).min(1);

/** How one source is opened, and what it is called. */
export interface NamedSource extends Omit<DatasetOptions, 'taxonomy' | 'partial' | 'verifyImages' | 'cache'> {
  readonly name: string;
  readonly skipBad: boolean;
}

const remedy =
  'List sources as `- data: FOLDER_OR_CSV`, with name, images, id, attributes, ignore, where, rename, group, schema, skipBad as needed.';

/** @throws BusanaError DATA_NOT_FOUND, DATA_INVALID naming the entry and what is wrong with it */
export async function readSources(file: string): Promise<NamedSource[]> {
  const written = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BusanaError('DATA_NOT_FOUND', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  });
  let content: unknown;
  try {
    content = parse(written);
  } catch (cause) {
    throw new BusanaError('DATA_INVALID', `${file} is not YAML: ${(cause as Error).message}`, { remedy, cause });
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    throw new BusanaError('DATA_INVALID', `${file} is not a list of sources`, {
      problems: parsed.error.issues.map(({ path, message }) => ({ file, message: `${path.join('.')}: ${message}` })),
      remedy,
      cause: parsed.error,
    });
  }
  const at = (path: string): string => resolve(dirname(file), path);
  const sources = parsed.data.map(({ data, name, images, id, schema, skipBad, ...labels }) => ({
    source: at(data),
    name: name ?? basename(at(data), extname(data)),
    skipBad,
    ...(images !== undefined && { images: at(images) }),
    ...(id !== undefined && { idColumn: id }),
    ...(labels.attributes !== undefined && { attributes: labels.attributes }),
    ...(labels.ignore !== undefined && { ignore: labels.ignore }),
    ...(labels.where !== undefined && { where: labels.where }),
    ...(labels.rename !== undefined && { rename: labels.rename }),
    ...(labels.group !== undefined && { group: labels.group }),
    ...(schema !== undefined && { schema: at(schema) }),
  }));
  const twice = sources.find(({ name }, index) => sources.findIndex((other) => other.name === name) !== index);
  if (twice === undefined) return sources;
  throw new BusanaError('DATA_INVALID', `${file} has two sources called '${twice.name}'`, {
    remedy: 'Give each source a name of its own.',
  });
}
