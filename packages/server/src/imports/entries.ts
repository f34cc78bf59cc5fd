/** @file What was given for an import, as a list of photos with what the shop says of each. */
import { BusanaError } from '@busana/contracts';
import {
  ImageIndex,
  listFiles,
  namedAsImage,
  readImageBytes,
  readTable,
  type ImageFile,
  type ImageLocation,
} from '@busana/vision';
import type { ProductFields } from '../database/schema.ts';

/** A photo to import, or why it cannot be. */
export interface ImportEntry {
  readonly name: string;
  readonly location: ImageLocation | null;
  readonly product: ProductFields;
  /** Empty for what can be imported. */
  readonly failure: string;
}

/** A table that came with the photos. */
export interface NamedTable {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Names of the column that says which photo; without any it is the first. */
const imageColumns = ['image', 'photo', 'file', 'filename', 'gambar', 'foto', 'id'];

/** 0 or more with at most two decimals, as the catalogue keeps it. */
const PRICE = /^\d{1,12}(\.\d{1,2})?$/;
const QUANTITY = /^\d{1,9}$/;

/** What can be imported of a folder or an archive: its photos, and its table, if it has one and no more. */
export interface Collection {
  readonly photos: readonly ImageFile[];
  readonly table: NamedTable | undefined;
}

/** @throws BusanaError DATA_NOT_FOUND, ARCHIVE_INVALID */
export async function openCollection(path: string): Promise<Collection> {
  const files = await listFiles(path);
  return { photos: files.filter(namedAsImage), table: await tableAmong(files) };
}

/**
 * Without a table all photos; with one, its rows.
 * @throws BusanaError DATA_INVALID when the table is none; DATA_NOT_FOUND without any photo
 */
export function entriesOf({ photos, table }: Collection): ImportEntry[] {
  const entries =
    table === undefined
      ? photos.map(({ name, location }) => ({ name, location, product: {}, failure: '' }))
      : entriesOfTable(table, photos);
  if (entries.length > 0) return entries;
  throw new BusanaError('DATA_NOT_FOUND', 'there is no photo in what was given', { remedy: 'Name photos, or what holds some.' }); // prettier-ignore
}

async function tableAmong(files: readonly ImageFile[]): Promise<NamedTable | undefined> {
  const tables = files.filter(({ name }) => /\.csv$/i.test(name));
  if (tables.length !== 1) return undefined;
  const [{ name, location }] = tables as [ImageFile];
  return { name, bytes: await readImageBytes(location) };
}

function entriesOfTable({ name: file, bytes }: NamedTable, photos: readonly ImageFile[]): ImportEntry[] {
  const { header, rows, problems } = readTable(bytes, file);
  if (problems.length > 0) throw new BusanaError('DATA_INVALID', `${file} has rows that do not fit`, { problems });
  const column = (...names: string[]) => header.findIndex((title) => names.includes(title.toLowerCase()));
  const image = Math.max(0, column(...imageColumns));
  const [sku, title, price, quantity] = [column('sku'), column('title', 'judul'), column('price', 'harga'), column('quantity', 'stock', 'stok')]; // prettier-ignore
  const index = new ImageIndex(photos);
  return rows.map(({ line, cells }): ImportEntry => {
    const name = cells[image]!;
    const found = index.find(name);
    const text = (at: number) => cells[at] ?? '';
    const wrong = [
      ...(found.length === 0 ? [`there is no photo '${name}'`] : []),
      ...(found.length > 1 ? [`${found.length} photos are called '${name}'`] : []),
      ...(text(price) === '' || PRICE.test(text(price)) ? [] : [`the price '${text(price)}' is no number like 99.50`]),
      ...(text(quantity) === '' || QUANTITY.test(text(quantity)) ? [] : [`'${text(quantity)}' is no number of pieces`]),
    ];
    if (wrong.length > 0) {
      return { name, location: null, product: {}, failure: `${file}, row ${line}: ${wrong.join('; ')}` };
    }
    const product = {
      ...(text(sku) !== '' && { sku: text(sku) }),
      ...(text(title) !== '' && { title: text(title) }),
      ...(text(price) !== '' && { price: Number(text(price)) }),
      ...(text(quantity) !== '' && { quantity: Number(text(quantity)) }),
    };
    return { name: found[0]!.name, location: found[0]!.location, product, failure: '' };
  });
}
