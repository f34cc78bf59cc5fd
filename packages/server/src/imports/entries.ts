/** @file What was given for an import, as a list of photos with what the shop says of each. */
import { BusanaError } from '@busana/contracts';
import { ImageIndex, listFiles, namedAsImage, readImageBytes, readTable, type ImageFile } from '@busana/vision';
import { basename } from 'node:path';
import type { ProductFields } from '../database/schema/imports.ts';
import { packed, type GivenPhoto, type PhotoLocation } from '../photos/location.ts';
import { readPrice, readQuantity, unguarded } from './cells.ts';
import { shopOf, shopPhotos, type ShopPhoto, type ShopRow } from './shop-tables.ts';

/** A photo to import, or why it cannot be. */
export interface ImportEntry {
  readonly name: string;
  readonly location: PhotoLocation | null;
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

/** What can be imported of a folder or an archive: its photos, and its table, if it has one and no more. */
export interface Collection {
  readonly photos: readonly GivenPhoto[];
  readonly table: NamedTable | undefined;
}

/**
 * @param key of an archive that is in the storage, and not of this machine alone
 * @throws BusanaError DATA_NOT_FOUND, ARCHIVE_INVALID
 */
export async function openCollection(path: string, key?: string): Promise<Collection> {
  const files = await listFiles(path);
  const photos = files.filter(namedAsImage);
  return {
    photos: key === undefined ? photos : photos.map((photo) => packed(photo, key)),
    table: await tableAmong(files),
  };
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

function entriesOfTable({ name: file, bytes }: NamedTable, photos: readonly GivenPhoto[]): ImportEntry[] {
  const { header, rows, problems } = readTable(bytes, file);
  if (problems.length > 0) throw new BusanaError('DATA_INVALID', `${file} has rows that do not fit`, { problems });
  const columns = header.map((title) => title.toLowerCase());
  const asked = rows.map(({ line, cells }): ShopRow => {
    const cell = (column: string) => cells[columns.indexOf(column)] ?? '';
    return { line, get: (...names) => names.map(cell).find((text) => text !== '') ?? '' };
  });
  const shop = shopOf(columns);
  const image = columns.find((column) => imageColumns.includes(column)) ?? columns[0]!;
  const listed = shop === undefined ? asked.map((row) => plainRow(row, image)) : shopPhotos(shop, asked);
  const index = new ImageIndex(photos);
  return listed.map(({ line, image: name, product, problems: wrong }): ImportEntry => {
    const found = locate(name, index);
    if ('problem' in found || wrong.length > 0) {
      const all = ['problem' in found ? [found.problem] : [], wrong].flat();
      return { name, location: null, product: {}, failure: `${file}, row ${line}: ${all.join('; ')}` };
    }
    return { name: found.photo.name, location: found.photo.location, product, failure: '' };
  });
}

/** A row of a table of the shop's own, with a photo. */
function plainRow({ line, get }: ShopRow, image: string): ShopPhoto {
  const problems: string[] = [];
  const [sku, title, key] = [get('sku'), get('title', 'judul'), get('product')];
  const price = readPrice(get('price', 'harga'), problems);
  const quantity = readQuantity(get('quantity', 'stock', 'stok'), problems);
  const product = {
    ...(sku !== '' && { sku: unguarded(sku) }),
    ...(title !== '' && { title: unguarded(title) }),
    ...(price !== undefined && { price }),
    ...(quantity !== undefined && { quantity }),
    ...(key !== '' && { key }),
  };
  return { line, image: get(image), product, problems };
}

/** A photo that came along under this name, or the one at this address. */
function locate(name: string, index: ImageIndex<GivenPhoto>): { photo: GivenPhoto } | { problem: string } {
  const address = /^https?:\/\//i.test(name);
  const found = index.find(address ? lastPart(name) : name);
  if (found.length === 1) return { photo: found[0]! };
  if (address) return { photo: { name, location: { kind: 'address', address: name } } };
  return {
    problem: found.length === 0 ? `there is no photo '${name}'` : `${found.length} photos are called '${name}'`,
  };
}

/** `https://shop.example/files/front.jpg?v=1` -> `front.jpg` */
function lastPart(address: string): string {
  return URL.canParse(address) ? basename(new URL(address).pathname) : address;
}
