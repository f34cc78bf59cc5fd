/** @file Labels of a data set: read, checked and matched with photos; what is wrong with them, row by row. */
import { BusanaError, type Problem, type Taxonomy } from '@busana/contracts';
import { garments } from '../taxonomy/builtin.ts';
import { resolveValue } from '../taxonomy/names.ts';
import { inferAttribute, openSchema, parseTaxonomy } from '../taxonomy/read.ts';
import { attributeOf, cellOf, chosenColumns, columnIndex } from './columns.ts';
import { readTable } from './csv.ts';
import { MISSING, type LabelledPhoto } from './dataset.ts';
import { ImageIndex } from './image-index.ts';
import type { FolderLayout, Layout, TableLayout } from './layout.ts';

export interface LabelOptions {
  /** Column that names the photo; default: the schema's, else the first. */
  readonly idColumn?: string;
  /** Columns to use, `name` or `name:20` for its 20 most frequent values, others not labelled; default: every other. */
  readonly attributes?: readonly string[];
  /** Cells of an attribute that count as not labelled, by column. */
  readonly ignore?: Readonly<Record<string, readonly string[]>>;
  /** Column whose photos belong together, e.g. those of one product or sender: they share a fold. */
  readonly group?: string;
  /** Path of an attributes.yaml. */
  readonly schema?: string;
  /** Taxonomy to read the labels by, e.g. that of a model; instead of a schema. Its attributes are the default. */
  readonly taxonomy?: Taxonomy;
}

export interface Labels {
  readonly taxonomy: Taxonomy;
  readonly photos: readonly LabelledPhoto[];
  readonly problems: readonly Problem[];
}

/** @throws BusanaError DATA_INVALID for what concerns the whole table; SCHEMA_INVALID */
export async function readLabels(layout: Layout, options: LabelOptions, source: string): Promise<Labels> {
  const schema = options.schema === undefined ? layout.schema : await openSchema(options.schema);
  const known = options.taxonomy ?? (schema === undefined ? undefined : parseTaxonomy(schema));
  return layout.kind === 'table' ? tableLabels(layout, options, known) : folderLabels(layout, options, known, source);
}

function tableLabels(
  { file, bytes, images }: TableLayout,
  options: LabelOptions,
  schema: Taxonomy | undefined,
): Labels {
  const table = readTable(bytes, file);
  const known = schema ?? (table.header.join() === 'id,jenis,warna' ? garments : undefined);
  const idColumn =
    options.idColumn ?? (known !== undefined && table.header.includes(known.id) ? known.id : table.header[0]!);
  const idIndex = columnIndex(table, idColumn, file);
  const groupIndex = options.group === undefined ? undefined : columnIndex(table, options.group, file);
  const columns = chosenColumns(table, options, [idIndex, groupIndex], file);
  const attributes = columns.map((column) => attributeOf(table, column, known, file));
  const index = new ImageIndex(images);
  const rowOfId = new Map<string, number>();
  const rowOfImage = new Map<string, number>();
  const problems: Problem[] = [...table.problems];
  const photos = table.rows.flatMap((row): LabelledPhoto[] => {
    const { line, cells } = row;
    const found: string[] = [];
    const id = cells[idIndex]!;
    const [image, ...others] = id === '' ? [] : index.find(id);
    if (id === '') found.push('the id is empty');
    else if (rowOfId.has(id)) found.push(`the id '${id}' stands in row ${rowOfId.get(id)} already`);
    else if (image === undefined) found.push(`there is no image for '${id}'`);
    else if (others.length > 0)
      found.push(`several images are called '${id}': ${[image, ...others].map(({ name }) => name).join(', ')}`);
    else if (rowOfImage.has(image.name))
      found.push(`the image ${image.name} is that of row ${rowOfImage.get(image.name)} already`);
    if (!rowOfId.has(id)) rowOfId.set(id, line);
    const targets = attributes.map((attribute, position) => {
      const cell = cellOf(row, columns[position]!);
      const value = cell === '' ? MISSING : resolveValue(attribute, cell);
      if (value === undefined && columns[position]!.most !== undefined) return MISSING;
      if (value === undefined) found.push(`'${cell}' is no value of ${attribute.name}`);
      return value ?? MISSING;
    });
    for (const message of found) problems.push({ file, row: line, message });
    if (found.length > 0 || image === undefined) return [];
    rowOfImage.set(image.name, line);
    const group = groupIndex === undefined ? '' : cells[groupIndex]!;
    return [{ id, row: line, targets, name: image.name, location: image.location, ...(group !== '' && { group }) }];
  });
  problems.sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
  return { taxonomy: { id: idColumn, attributes }, photos, problems };
}

/** `<root>/<value>/…`: one attribute, called as asked, as in the schema, or after nothing but what it is. */
function folderLabels(
  { images }: FolderLayout,
  { attributes }: LabelOptions,
  known: Taxonomy | undefined,
  source: string,
): Labels {
  const valueOf = (name: string): string => name.slice(0, name.indexOf('/'));
  const name = attributes?.[0] ?? known?.attributes[0]?.name ?? 'class';
  const attribute =
    known?.attributes.find((candidate) => candidate.name === name) ??
    inferAttribute(
      name,
      images.map((image) => valueOf(image.name)),
    );
  if (attribute === undefined) throw new BusanaError('DATA_NOT_FOUND', `${source} has no photos in its folders`);
  const problems: Problem[] = [];
  const photos = images.flatMap((image): LabelledPhoto[] => {
    const value = resolveValue(attribute, valueOf(image.name));
    if (value !== undefined) return [{ id: image.name, targets: [value], ...image }];
    problems.push({ file: image.name, message: `'${valueOf(image.name)}' is no value of ${attribute.name}` });
    return [];
  });
  return { taxonomy: { id: 'image', attributes: [attribute] }, photos, problems };
}
