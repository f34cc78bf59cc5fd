/** @file Opens a data set: labels read and checked, photos found, every problem listed at once. */
import { BusanaError, type Attribute, type Problem, type Taxonomy } from '@busana/contracts';
import { garments } from '../taxonomy/builtin.ts';
import { resolveValue } from '../taxonomy/names.ts';
import { inferAttribute, readTaxonomy } from '../taxonomy/read.ts';
import { readTable, type Table } from './csv.ts';
import { MISSING, type Dataset, type LabelledPhoto } from './dataset.ts';
import { ImageIndex } from './image-index.ts';
import { unreadablePhotos } from './integrity.ts';
import { findLayout, type Layout } from './layout.ts';

export interface DatasetOptions {
  /** Folder, zip or CSV. */
  readonly source: string;
  /** Folder or zip of the photos, when `source` is a CSV. */
  readonly images?: string;
  /** Column that names the photo; default: the first. */
  readonly idColumn?: string;
  /** Columns to use; default: every other. */
  readonly attributes?: readonly string[];
  /** Path of an attributes.yaml. */
  readonly schema?: string;
  /** Taxonomy to read the labels by, e.g. that of a model; instead of a schema. */
  readonly taxonomy?: Taxonomy;
  /** Drop what has problems instead of refusing. */
  readonly skipBad?: boolean;
  /** Prove that every photo can be decoded; default true. */
  readonly verifyImages?: boolean;
}

/**
 * @throws BusanaError DATA_INVALID with every problem and its row, unless `skipBad`; DATA_NOT_FOUND, SCHEMA_INVALID,
 * ARCHIVE_INVALID
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const layout = await findLayout(options.source, options.images);
  const read = layout.kind === 'table' ? await readLabels(layout, options) : readFolders(layout, options);
  const unreadable =
    options.verifyImages === false ? new Map<LabelledPhoto, string>() : await unreadablePhotos(read.photos);
  const file = layout.kind === 'table' ? layout.file : options.source;
  const problems = [
    ...read.problems,
    ...[...unreadable].map(([{ name, row }, reason]) => ({ file: `${file} (${name})`, row, message: reason })),
  ];
  if (problems.length > 0 && options.skipBad !== true) {
    throw new BusanaError(
      'DATA_INVALID',
      `${options.source} has ${problems.length} problem${problems.length === 1 ? '' : 's'}`,
      { problems },
    );
  }
  const photos = read.photos.filter((photo) => !unreadable.has(photo));
  if (photos.length === 0) throw new BusanaError('DATA_INVALID', `${options.source} has no usable photo`);
  const test =
    layout.kind === 'table' ? layout.test.map(({ name, location }) => ({ id: stem(name), name, location })) : [];
  return { source: options.source, taxonomy: read.taxonomy, photos, test, dropped: problems };
}

interface Labels {
  readonly taxonomy: Taxonomy;
  readonly photos: readonly LabelledPhoto[];
  readonly problems: readonly Problem[];
}

async function readLabels(layout: Extract<Layout, { kind: 'table' }>, options: DatasetOptions): Promise<Labels> {
  const { file } = layout;
  const table = readTable(layout.bytes, file);
  const idIndex = columnIndex(table, options.idColumn ?? table.header[0]!, file);
  const names = options.attributes ?? table.header.filter((_, index) => index !== idIndex);
  if (names.length === 0)
    throw new BusanaError('DATA_INVALID', `${file} has no column besides '${table.header[idIndex]}'`);
  const columns = names.map((name) => columnIndex(table, name, file));
  const known = await knownTaxonomy(layout, table, options);
  const attributes = names.map(
    (name, index): Attribute =>
      known?.attributes.find((attribute) => attribute.name === name) ??
      inferAttribute(
        name,
        table.rows.map(({ cells }) => cells[columns[index]!]!),
      ),
  );
  const problems: Problem[] = [...table.problems];
  const index = new ImageIndex(layout.images);
  const firstRow = new Map<string, number>();
  const photos = table.rows.flatMap(({ line, cells }): LabelledPhoto[] => {
    const found: string[] = [];
    const id = cells[idIndex]!;
    const images = index.find(id);
    if (id === '') found.push('the id is empty');
    else if (firstRow.has(id)) found.push(`the id '${id}' stands in row ${firstRow.get(id)} already`);
    else if (images.length === 0) found.push(`there is no image for '${id}'`);
    else if (images.length > 1)
      found.push(`several images are called '${id}': ${images.map(({ name }) => name).join(', ')}`);
    firstRow.set(id, firstRow.get(id) ?? line);
    const targets = attributes.map((attribute, position) => {
      const cell = cells[columns[position]!]!;
      if (cell === '') return MISSING;
      const value = resolveValue(attribute, cell);
      if (value === undefined) found.push(`'${cell}' is no value of ${attribute.name}`);
      return value ?? MISSING;
    });
    for (const message of found) problems.push({ file, row: line, message });
    return found.length > 0 ? [] : [{ id, row: line, targets, name: images[0]!.name, location: images[0]!.location }];
  });
  return {
    taxonomy: { id: table.header[idIndex]!, attributes },
    photos,
    problems: problems.sort((a, b) => (a.row ?? 0) - (b.row ?? 0)),
  };
}

function columnIndex({ header }: Table, name: string, file: string): number {
  const index = header.indexOf(name);
  if (index >= 0) return index;
  throw new BusanaError('DATA_INVALID', `${file} has no column '${name}'; it has ${header.join(', ')}`);
}

async function knownTaxonomy(
  layout: Extract<Layout, { kind: 'table' }>,
  { header }: Table,
  { schema = layout.schema, taxonomy }: DatasetOptions,
): Promise<Taxonomy | undefined> {
  if (taxonomy !== undefined) return taxonomy;
  if (schema !== undefined) return readTaxonomy(schema);
  return header.join() === 'id,jenis,warna' ? garments : undefined;
}

/** `<root>/<value>/…`: one attribute, called after nothing but what it is. */
function readFolders({ images }: Extract<Layout, { kind: 'folders' }>, { taxonomy }: DatasetOptions): Labels {
  const inClasses = images.filter(({ name }) => name.includes('/'));
  const valueOf = (name: string): string => name.slice(0, name.indexOf('/'));
  const attribute =
    taxonomy?.attributes[0] ??
    inferAttribute(
      'class',
      inClasses.map(({ name }) => valueOf(name)),
    );
  const photos = inClasses.map(({ name, location }, index): LabelledPhoto => ({
    id: name,
    name,
    location,
    row: index + 2,
    targets: [resolveValue(attribute, valueOf(name)) ?? MISSING],
  }));
  return { taxonomy: taxonomy ?? { id: 'image', attributes: [attribute] }, photos, problems: [] };
}

function stem(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}
