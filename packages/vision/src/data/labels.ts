/** @file Labels of a data set: read, checked and matched with photos; what is wrong with them, row by row. */
import { BusanaError, type Problem, type Taxonomy } from '@busana/contracts';
import { garments } from '../taxonomy/builtin.ts';
import { resolveValue } from '../taxonomy/names.ts';
import { inferAttribute, openSchema, parseTaxonomy } from '../taxonomy/read.ts';
import {
  attributeOf,
  cellOf,
  chosenColumns,
  columnIndex,
  knownAttribute,
  rowsWhere,
  type KnownAttributes,
} from './columns.ts';
import { readTable } from './csv.ts';
import { MISSING, type LabelledPhoto } from './dataset.ts';
import { ImageIndex } from './image-index.ts';
import type { FolderLayout, Layout, TableLayout } from './layout.ts';

export interface LabelOptions {
  /** Column that names the photo; default: the schema's, else the first. */
  readonly idColumn?: string | undefined;
  /** Columns to use, `name` or `name:20` for its 20 most frequent values, others not labelled; default: every other. */
  readonly attributes?: readonly string[] | undefined;
  /** Cells of an attribute that count as not labelled, by column. */
  readonly ignore?: Readonly<Record<string, readonly string[]>>;
  /** Use only rows with one of these cells, by column; the columns need not be attributes. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** Column -> name of its attribute, where that is another; for a folder per class, `class` is the column. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Column whose photos belong together, e.g. those of one product or sender: they share a fold. */
  readonly group?: string | undefined;
  /** Path of an attributes.yaml. */
  readonly schema?: string | undefined;
  /** Taxonomy to read the labels by, e.g. that of a model; instead of a schema. Its attributes are the default. */
  readonly taxonomy?: Taxonomy;
  /** One of several sources: need not have every attribute of the taxonomy, and is read by a schema of its own first. */
  readonly partial?: boolean;
}

export interface Labels {
  readonly taxonomy: Taxonomy;
  readonly photos: readonly LabelledPhoto[];
  readonly problems: readonly Problem[];
}

/** @throws BusanaError DATA_INVALID for what concerns the whole table; SCHEMA_INVALID */
export async function readLabels(layout: Layout, options: LabelOptions, source: string): Promise<Labels> {
  const schema = options.schema === undefined ? layout.schema : await openSchema(options.schema);
  const isAsked = options.taxonomy === undefined || options.partial === true;
  const own = schema === undefined || !isAsked ? undefined : parseTaxonomy(schema);
  return layout.kind === 'table' ? tableLabels(layout, options, own) : folderLabels(layout, options, own, source);
}

/** One data set is read by the taxonomy given, one of several by its own schema: codes may differ between them. */
function knownBy({ taxonomy, partial = false }: LabelOptions, own: Taxonomy | undefined): KnownAttributes {
  return partial ? { own, given: taxonomy } : { own: taxonomy ?? own, given: undefined };
}

function tableLabels(
  { file, bytes, images }: TableLayout,
  options: LabelOptions,
  schema: Taxonomy | undefined,
): Labels {
  const table = rowsWhere(readTable(bytes, file), options.where ?? {}, file);
  const known = knownBy(options, schema ?? (table.header.join() === 'id,jenis,warna' ? garments : undefined));
  const id = known.own?.id;
  const idColumn = options.idColumn ?? (id !== undefined && table.header.includes(id) ? id : table.header[0]!);
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
  options: LabelOptions,
  schema: Taxonomy | undefined,
  source: string,
): Labels {
  const { attributes, ignore = {}, rename = {}, where = {} } = options;
  const known = knownBy(options, schema);
  const title = attributes?.[0] ?? known.own?.attributes[0]?.name ?? 'class';
  const name = rename[title] ?? title;
  const ignored = new Set(ignore[title]);
  const used = imagesWhere(images, title, where, source);
  const cells = used.map((image) => folderOf(image.name)).filter((value) => !ignored.has(value));
  const attribute = knownAttribute(known, { name, title }) ?? inferAttribute(name, cells);
  if (attribute === undefined) throw new BusanaError('DATA_NOT_FOUND', `${source} has no photos in its folders`);
  const problems: Problem[] = [];
  const photos = used.flatMap((image): LabelledPhoto[] => {
    const value = ignored.has(folderOf(image.name)) ? MISSING : resolveValue(attribute, folderOf(image.name));
    if (value !== undefined) return [{ id: image.name, targets: [value], ...image }];
    problems.push({ file: image.name, message: `'${folderOf(image.name)}' is no value of ${attribute.name}` });
    return [];
  });
  return { taxonomy: { id: 'image', attributes: [attribute] }, photos, problems };
}

/** The photos in the folders that are named. @throws BusanaError DATA_INVALID when another column is */
function imagesWhere(
  images: FolderLayout['images'],
  title: string,
  where: NonNullable<LabelOptions['where']>,
  source: string,
): FolderLayout['images'] {
  const other = Object.keys(where).find((name) => name !== title);
  if (other !== undefined) {
    throw new BusanaError('DATA_INVALID', `${source} has no column '${other}'; its folders are called '${title}'`);
  }
  const folders = where[title];
  return folders === undefined ? images : images.filter(({ name }) => folders.includes(folderOf(name)));
}

function folderOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
