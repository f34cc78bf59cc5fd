/** @file Where labels and photos are, for every form of data set (interface.md, "Data sets"). */
import { BusanaError } from '@busana/contracts';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { openSchema, type SchemaFile } from '../taxonomy/read.ts';
import { listFiles, namedAsImage, type ImageFile } from './image-index.ts';
import { listZip, readZipEntry } from './zip.ts';

/** Labels in a table, photos apart. */
export interface TableLayout {
  readonly kind: 'table';
  /** Path of the CSV for people. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Files among which the photos are. */
  readonly images: readonly ImageFile[];
  readonly test: readonly ImageFile[];
  /** `attributes.yaml` beside the labels, when there is one. */
  readonly schema: SchemaFile | undefined;
}

/** A folder per class: names are `<class>/…`. */
export interface FolderLayout {
  readonly kind: 'folders';
  readonly images: readonly ImageFile[];
  readonly schema: SchemaFile | undefined;
}

export type Layout = TableLayout | FolderLayout;

const TABLE = 'train.csv';
const SCHEMA = 'attributes.yaml';

/** @throws BusanaError DATA_NOT_FOUND saying what was looked for; DATA_INVALID, ARCHIVE_INVALID */
export async function findLayout(source: string, images?: string): Promise<Layout> {
  const found = await stat(source).catch((cause: unknown) => {
    throw new BusanaError('DATA_NOT_FOUND', `${source} does not exist`, { cause });
  });
  if (found.isDirectory()) return folderLayout(source, images);
  if (extname(source).toLowerCase() === '.zip') return zipLayout(source, images);
  return {
    kind: 'table',
    file: source,
    bytes: await readBytes(source),
    images: await listFiles(images ?? dirname(source)),
    test: [],
    schema: await schemaIn(dirname(source)),
  };
}

async function folderLayout(folder: string, images: string | undefined): Promise<Layout> {
  const schema = await schemaIn(folder);
  const table = await existing(join(folder, TABLE));
  if (table === undefined) {
    const entries = await readdir(folder, { withFileTypes: true });
    const classes = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    if (classes.length === 0) throw nothingThere(folder);
    return { kind: 'folders', images: inFolders(await listFiles(folder)), schema };
  }
  const part = async (name: string): Promise<ImageFile[] | undefined> => {
    const place = (await existing(join(folder, name))) ?? (await existing(join(folder, `${name}.zip`)));
    return place === undefined ? undefined : prefixed(await listFiles(place), name);
  };
  const photos = images === undefined ? await part('train') : await listFiles(images);
  if (photos === undefined) {
    throw new BusanaError('DATA_NOT_FOUND', `${folder} has a ${TABLE} but neither train/ nor train.zip`, {
      remedy: 'Say where the photos are with --images.',
    });
  }
  return {
    kind: 'table',
    file: table,
    bytes: await readBytes(table),
    images: photos,
    test: ((await part('test')) ?? []).filter(namedAsImage),
    schema,
  };
}

/** The same as a folder, perhaps inside one folder, in an archive. */
async function zipLayout(archive: string, images: string | undefined): Promise<Layout> {
  const names = await listZip(archive);
  const all = await listFiles(archive);
  const table = names.find((name) => /^([^/]*\/)?train\.csv$/.test(name));
  const root = table === undefined ? commonFolder(all) : table.slice(0, -TABLE.length);
  const schema = names.includes(root + SCHEMA)
    ? {
        file: `${archive}/${root}${SCHEMA}`,
        text: new TextDecoder().decode(await readZipEntry(archive, root + SCHEMA)),
      }
    : undefined;
  const files = all
    .filter(({ name }) => name.startsWith(root))
    .map((file) => ({ ...file, name: file.name.slice(root.length) }));
  if (table === undefined) {
    const photos = inFolders(files);
    if (photos.length === 0) throw nothingThere(archive);
    return { kind: 'folders', images: photos, schema };
  }
  if (images === undefined && names.includes(`${root}train.zip`)) {
    throw new BusanaError('DATA_INVALID', `${archive} has a zip inside: ${root}train.zip`, {
      remedy: 'Unpack the outer zip and point --data at the folder.',
    });
  }
  return {
    kind: 'table',
    file: `${archive}/${table}`,
    bytes: await readZipEntry(archive, table),
    images: images === undefined ? files.filter(({ name }) => name.startsWith('train/')) : await listFiles(images),
    test: files.filter(({ name }) => name.startsWith('test/')).filter(namedAsImage),
    schema,
  };
}

function nothingThere(source: string): BusanaError {
  return new BusanaError('DATA_NOT_FOUND', `${source} has neither a ${TABLE} nor a folder of photos per class`);
}

/** Photos that lie in a folder of their class. */
function inFolders(files: readonly ImageFile[]): ImageFile[] {
  return files.filter((file) => namedAsImage(file) && file.name.includes('/'));
}

/** `photos/` when everything lies in folders of that one folder; else nothing. */
function commonFolder(files: readonly ImageFile[]): string {
  const root = /^[^/]*\//.exec(files[0]?.name ?? '')?.[0] ?? '';
  return files.every(({ name }) => name.startsWith(root) && name.indexOf('/', root.length) > 0) ? root : '';
}

function prefixed(files: readonly ImageFile[], folder: string): ImageFile[] {
  return files.map((file) => (file.name.startsWith(`${folder}/`) ? file : { ...file, name: `${folder}/${file.name}` }));
}

async function schemaIn(folder: string): Promise<SchemaFile | undefined> {
  const path = await existing(join(folder, SCHEMA));
  return path === undefined ? undefined : openSchema(path);
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw new BusanaError('DATA_NOT_FOUND', `${path} cannot be opened`, { cause });
  });
}

async function existing(path: string): Promise<string | undefined> {
  return stat(path).then(
    () => path,
    () => undefined,
  );
}
