/** @file What was given for an import, as a list of photos with what the shop says of each. */
import { BusanaError, type Attribute, type ImportNote } from '@busana/contracts';
import { ImageIndex, listFiles, namedAsImage, readImageBytes, readTable, type ImageFile } from '@busana/vision';
import { basename } from 'node:path';
import type { ProductFields } from '../database/schema/imports.ts';
import { packed, type GivenPhoto, type PhotoLocation } from '../photos/location.ts';
import { readPrice, readQuantity, unguarded } from './cells.ts';
import { labelColumns, readLabels } from './label-columns.ts';
import { noteText, type CellNote, type RowNote } from './notes.ts';
import { productName, saidOnce } from './one-product.ts';
import { shopOf, shopPhotos, type ShopPhoto, type ShopRow } from './shop-tables.ts';

/** A photo to import, or why it cannot be. */
export interface ImportEntry {
  readonly name: string;
  readonly location: PhotoLocation | null;
  readonly product: ProductFields;
  /** Empty for what can be imported. */
  readonly failure: string;
  /** What of its row is passed over. */
  readonly warning?: string;
  /** The same as both, for programs. */
  readonly notes?: readonly ImportNote[];
}

/** A table that came with the photos. */
export interface NamedTable {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Names of the column that says which photo; without any it is the first. */
const imageColumns = ['image', 'photo', 'file', 'filename', 'gambar', 'foto', 'id'];
/** What else a table of the shop's own says of a product. */
const own = {
  sku: ['sku'],
  title: ['title', 'judul'],
  key: ['product'],
  price: ['price', 'harga'],
  quantity: ['quantity', 'stock', 'stok'],
} as const;
const ownColumns: ReadonlySet<string> = new Set(Object.values(own).flat());

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
 * @param attributes whose columns are labels
 * @throws BusanaError DATA_INVALID when the table is none; DATA_NOT_FOUND without any photo
 */
export function entriesOf({ photos, table }: Collection, attributes: readonly Attribute[]): ImportEntry[] {
  const entries =
    table === undefined
      ? photos.map(({ name, location }) => ({ name, location, product: {}, failure: '' }))
      : entriesOfTable(table, photos, attributes);
  if (entries.length > 0) return entries;
  throw new BusanaError('DATA_NOT_FOUND', 'there is no photo in what was given', { remedy: 'Name photos, or what holds some.' }); // prettier-ignore
}

async function tableAmong(files: readonly ImageFile[]): Promise<NamedTable | undefined> {
  const tables = files.filter(({ name }) => /\.csv$/i.test(name));
  if (tables.length !== 1) return undefined;
  const [{ name, location }] = tables as [ImageFile];
  return { name, bytes: await readImageBytes(location) };
}

function entriesOfTable(
  { name: file, bytes }: NamedTable,
  photos: readonly GivenPhoto[],
  attributes: readonly Attribute[],
): ImportEntry[] {
  const { header, rows, problems } = readTable(bytes, file);
  if (problems.length > 0) throw new BusanaError('DATA_INVALID', `${file} has rows that do not fit`, { problems });
  const columns = header.map((title) => title.toLowerCase());
  const asked = rows.map(({ line, cells }): ShopRow => {
    const cell = (column: string) => cells[columns.indexOf(column)] ?? '';
    return { line, get: (...names) => names.map(cell).find((text) => text !== '') ?? '' };
  });
  const shop = shopOf(columns);
  const index = new ImageIndex(photos);
  const listed = shop === undefined ? plainRows(asked, { columns, attributes, index }) : shopPhotos(shop, asked);
  return withoutRepetition(saidOnce(listed)).map((row): ImportEntry => {
    const { line, image: name, product, problems: wrong } = row;
    const said = (note: RowNote) => `${note.row === line ? '' : `row ${note.row}, `}${noteText(note, attributes)}`;
    const text = (notes: readonly RowNote[]) => (notes.length === 0 ? '' : `${file}, row ${line}: ${notes.map(said).join('; ')}`); // prettier-ignore
    const placed = (notes: readonly RowNote[]) => notes.map((note): ImportNote => ({ ...note, file }));
    const taken = { product, failure: '', warning: text(row.warnings), notes: placed(row.warnings) };
    // Of a product that is there already no photo is needed.
    if (ofNumberAlone(row)) return { name: product.sku!, location: null, ...taken };
    const found = locate(name, index);
    if ('problem' in found || wrong.length > 0) {
      const all = ['problem' in found ? [{ ...found.problem, row: line }] : [], wrong].flat();
      return { name, location: null, product: {}, failure: text(all), notes: placed(all) };
    }
    return { name: found.photo.name, location: found.photo.location, ...taken };
  });
}

interface PlainTable {
  /** In lower case. */
  readonly columns: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly index: ImageIndex<GivenPhoto>;
}

/** Rows of a table of the shop's own, each with a photo or the number of a product. */
function plainRows(rows: readonly ShopRow[], { columns, attributes, index }: PlainTable): ShopPhoto[] {
  const image = columns.find((column) => imageColumns.includes(column)) ?? columns[0]!;
  const labelled = labelColumns(attributes, columns.filter((column) => column !== image && !ownColumns.has(column))); // prettier-ignore
  return rows.map((row): ShopPhoto => {
    const { line, get } = row;
    const [problems, warnings]: [CellNote[], CellNote[]] = [[], []];
    const inRow = (note: CellNote): RowNote => ({ ...note, row: line });
    const [sku, title, key] = [get(...own.sku), get(...own.title), get(...own.key)];
    const price = readPrice(get(...own.price), problems);
    const quantity = readQuantity(get(...own.quantity), problems);
    const labels = readLabels(row, labelled, warnings);
    const product = {
      ...(sku !== '' && { sku: unguarded(sku) }),
      ...(title !== '' && { title: unguarded(title) }),
      ...(price !== undefined && { price }),
      ...(quantity !== undefined && { quantity }),
      ...(key !== '' && { key }),
      ...(Object.keys(labels).length > 0 && { labels }),
    };
    // A table without photos begins with something else, by which a photo may be called all the same.
    const nameless = sku !== '' && ownColumns.has(image) && index.find(get(image)).length === 0;
    return { line, image: nameless ? '' : get(image), product, problems: problems.map(inRow), warnings: warnings.map(inRow) }; // prettier-ignore
  });
}

/** Whether a row is of a product that has to be there already. */
function ofNumberAlone({ image, product, problems }: ShopPhoto): boolean {
  return image === '' && product.sku !== undefined && problems.length === 0;
}

/** A row without a photo is for nothing where another row of its product has one: all rows of a product say the same. */
function withoutRepetition(rows: readonly ShopPhoto[]): ShopPhoto[] {
  const shown = new Set(rows.flatMap(({ image, product }) => (image === '' ? [] : (productName(product) ?? []))));
  const repeats = (row: ShopPhoto) => ofNumberAlone(row) && shown.has(productName(row.product)!);
  const told = new Map<string, RowNote[]>();
  for (const { product, warnings } of rows.filter(repeats)) {
    told.set(productName(product)!, [...(told.get(productName(product)!) ?? []), ...warnings]);
  }
  return rows
    .filter((row) => !repeats(row))
    .map((row) => {
      const name = productName(row.product) ?? '';
      const warnings = [...row.warnings, ...(told.get(name) ?? [])];
      told.delete(name);
      return { ...row, warnings };
    });
}

/** A photo that came along under this name, or the one at this address. */
function locate(name: string, index: ImageIndex<GivenPhoto>): { photo: GivenPhoto } | { problem: CellNote } {
  const address = /^https?:\/\//i.test(name);
  const found = index.find(address ? lastPart(name) : name);
  if (found.length === 1) return { photo: found[0]! };
  if (address) return { photo: { name, location: { kind: 'address', address: name } } };
  const count = found.length;
  return { problem: count === 0 ? { code: 'photo-missing', name } : { code: 'photo-ambiguous', name, count } };
}

/** `https://shop.example/files/front.jpg?v=1` -> `front.jpg` */
function lastPart(address: string): string {
  return URL.canParse(address) ? basename(new URL(address).pathname) : address;
}
