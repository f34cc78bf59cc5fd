/** @file Where labels and photos are, for every form of data set (interface.md, "Data sets"). */
import { BusanaError } from '@busana/contracts';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { listImages, type ImageFile } from './image-index.ts';
import { listZip, readZipEntry } from './zip.ts';

export type Layout =
  | {
      readonly kind: 'table';
      /** Path of the CSV for people. */
      readonly file: string;
      readonly bytes: Uint8Array;
      readonly images: readonly ImageFile[];
      readonly test: readonly ImageFile[];
      /** `attributes.yaml` beside the labels, when there is one. */
      readonly schema?: string;
    }
  | { readonly kind: 'folders'; readonly images: readonly ImageFile[] };

/** @throws BusanaError DATA_NOT_FOUND saying what was looked for */
export async function findLayout(source: string, images?: string): Promise<Layout> {
  const found = await stat(source).catch((cause: unknown) => {
    throw new BusanaError('DATA_NOT_FOUND', `${source} does not exist`, { cause });
  });
  if (found.isDirectory()) return folderLayout(source, images);
  if (extname(source).toLowerCase() === '.zip') return zipLayout(source);
  const photos = images ?? dirname(source);
  const schema = await existing(join(dirname(source), 'attributes.yaml'));
  const bytes = await readFile(source);
  return { kind: 'table', file: source, bytes, images: await listImages(photos), test: [], ...(schema && { schema }) };
}

async function folderLayout(folder: string, images?: string): Promise<Layout> {
  const table = await existing(join(folder, 'train.csv'));
  if (table === undefined) {
    const entries = await readdir(folder, { withFileTypes: true });
    const classes = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    if (classes.length > 0) return { kind: 'folders', images: await listImages(folder) };
    throw new BusanaError('DATA_NOT_FOUND', `${folder} has neither a train.csv nor a folder per class`);
  }
  const part = async (name: string): Promise<ImageFile[]> => {
    const place = (await existing(join(folder, name))) ?? (await existing(join(folder, `${name}.zip`)));
    return place === undefined ? [] : prefixed(await listImages(place), name);
  };
  const schema = await existing(join(folder, 'attributes.yaml'));
  return {
    kind: 'table',
    file: table,
    bytes: await readFile(table),
    images: images === undefined ? await part('train') : await listImages(images),
    test: await part('test'),
    ...(schema && { schema }),
  };
}

/** A zip with train.csv and train/, perhaps inside one folder. */
async function zipLayout(archive: string): Promise<Layout> {
  const names = await listZip(archive);
  const table = names.find((name) => /(^|\/)train\.csv$/.test(name));
  if (table === undefined) throw new BusanaError('DATA_NOT_FOUND', `${archive} has no train.csv`);
  const root = table.slice(0, -'train.csv'.length);
  if (names.includes(`${root}train.zip`)) {
    throw new BusanaError('DATA_INVALID', `${archive} has a zip inside: ${root}train.zip`, {
      remedy: 'Unpack the outer zip and point --data at the folder.',
    });
  }
  const all = await listImages(archive);
  const inside = (folder: string): ImageFile[] =>
    all
      .filter(({ name }) => name.startsWith(`${root}${folder}/`))
      .map((file) => ({ ...file, name: file.name.slice(root.length) }));
  return {
    kind: 'table',
    file: `${archive}/${table}`,
    bytes: await readZipEntry(archive, table),
    images: inside('train'),
    test: inside('test'),
  };
}

function prefixed(files: readonly ImageFile[], folder: string): ImageFile[] {
  return files.map((file) => (file.name.startsWith(`${folder}/`) ? file : { ...file, name: `${folder}/${file.name}` }));
}

async function existing(path: string): Promise<string | undefined> {
  return stat(path).then(
    () => path,
    () => undefined,
  );
}
