/**
 * @file Products as other shops export them: Shopify's and WooCommerce's tables have several rows and photos a product,
 * and rows of variants. What is one product here is what has photos of its own: a variant with photos of its own is a
 * product, other variants are pieces of theirs.
 */
import type { ProductFields } from '../database/schema/imports.ts';
import { readPrice, readQuantity, unguarded } from './cells.ts';
import type { CellNote, RowNote } from './notes.ts';

/** A row of a table, asked by the name of its column. */
export interface ShopRow {
  /** Line of the file, 1 = the first. */
  readonly line: number;
  /** The first of these columns that has something in this row; empty without any. */
  readonly get: (...columns: readonly string[]) => string;
}

/** One photo of a product, or why its row cannot be taken. */
export interface ShopPhoto {
  readonly line: number;
  /** Address or name of a file. */
  readonly image: string;
  readonly product: ProductFields;
  readonly problems: readonly RowNote[];
  /** What of the row is passed over. */
  readonly warnings: readonly RowNote[];
}

/** What a shop sells under one title. */
interface Listing {
  readonly line: number;
  readonly key: string;
  title: string;
  /** Of all variants, the first for lists. */
  readonly images: string[];
  readonly variants: Variant[];
}

interface Variant {
  /** The photo that shows this one; empty where it has none of its own. */
  readonly image: string;
  readonly sku: string;
  readonly price: string;
  readonly quantity: string;
}

/** Column titles of today's template, and those that older files have. */
const shopify = {
  handle: ['url handle', 'handle'],
  title: ['title'],
  sku: ['sku', 'variant sku'],
  price: ['price', 'variant price'],
  quantity: ['inventory quantity', 'variant inventory qty'],
  image: ['product image url', 'image src'],
  own: ['variant image url', 'variant image'],
};

/** What a header is that of; undefined for a table of another form. */
export function shopOf(header: readonly string[]): 'shopify' | 'woocommerce' | undefined {
  const has = (...columns: readonly string[]) => columns.some((column) => header.includes(column));
  if (has(...shopify.handle) && has(...shopify.image)) return 'shopify';
  if (has('images') && has('name') && has('regular price')) return 'woocommerce';
  return undefined;
}

export function shopPhotos(shop: 'shopify' | 'woocommerce', rows: readonly ShopRow[]): ShopPhoto[] {
  const listings = shop === 'shopify' ? fromShopify(rows) : fromWooCommerce(rows);
  return [...listings.values()].flatMap(photosOf);
}

/** Rows of one handle are one listing: each may have a photo, a variant, or both. */
function fromShopify(rows: readonly ShopRow[]): Map<string, Listing> {
  const listings = new Map<string, Listing>();
  for (const { line, get } of rows) {
    const listing = take(listings, get(...shopify.handle), line);
    listing.title ||= get(...shopify.title);
    addOnce(listing.images, get(...shopify.image));
    const [image, sku, price, quantity] = [get(...shopify.own), get(...shopify.sku), get(...shopify.price), get(...shopify.quantity)]; // prettier-ignore
    if (`${image}${sku}${price}${quantity}` !== '') listing.variants.push({ image, sku, price, quantity });
  }
  return listings;
}

/** A row a product, its photos in one cell; rows of variations name their parent by its id or number. */
function fromWooCommerce(rows: readonly ShopRow[]): Map<string, Listing> {
  const listings = new Map<string, Listing>();
  const known = new Map<string, string>();
  for (const { line, get } of rows) {
    const [id, sku, parent] = [get('id'), get('sku'), get('parent')];
    const key = known.get(parent) ?? `row ${line}`;
    const listing = take(listings, key, line);
    const images = get('images').split(/\s*,\s*/).filter((image) => image !== ''); // prettier-ignore
    const variation = listing.line !== line;
    if (!variation) for (const name of [id === '' ? '' : `id:${id}`, sku]) if (name !== '') known.set(name, key);
    listing.title ||= get('name');
    for (const image of images) addOnce(listing.images, image);
    const own = variation ? (images[0] ?? '') : '';
    listing.variants.push({ image: own, sku, price: get('sale price', 'regular price'), quantity: get('stock') });
  }
  return listings;
}

function take(listings: Map<string, Listing>, key: string, line: number): Listing {
  const known = listings.get(key);
  if (known !== undefined) return known;
  const listing = { line, key, title: '', images: [], variants: [] };
  listings.set(key, listing);
  return listing;
}

function addOnce(images: string[], image: string): void {
  if (image !== '' && !images.includes(image)) images.push(image);
}

/** With two photos of variants or more, each is a product; what is nobody's own is with the first. */
function photosOf(listing: Listing): ShopPhoto[] {
  const own = [...new Set(listing.variants.map(({ image }) => image))].filter((image) => image !== '');
  if (own.length < 2) return productOf(listing, listing.key, listing.images.length > 0 ? listing.images : own, listing.variants); // prettier-ignore
  return own.flatMap((image, at) => {
    const others = at === 0 ? listing.images.filter((one) => !own.includes(one)) : [];
    const variants = listing.variants.filter(
      (variant) => variant.image === image || (at === 0 && variant.image === ''),
    );
    return productOf(listing, at === 0 ? listing.key : `${listing.key} ${image}`, [image, ...others], variants);
  });
}

function productOf(
  { line, title }: Listing,
  key: string,
  images: readonly string[],
  variants: readonly Variant[],
): ShopPhoto[] {
  const found: CellNote[] = [];
  const first = (name: 'sku' | 'price') => variants.map((variant) => variant[name]).find((cell) => cell !== '') ?? '';
  const price = readPrice(first('price'), found);
  const quantities = variants.flatMap(({ quantity }) => readQuantity(quantity, found) ?? []);
  const product = {
    key,
    ...(first('sku') !== '' && { sku: unguarded(first('sku')) }),
    ...(title !== '' && { title: unguarded(title) }),
    ...(price !== undefined && { price }),
    ...(quantities.length > 0 && { quantity: quantities.reduce((sum, number) => sum + number, 0) }),
  };
  if (images.length === 0) found.push({ code: 'product-without-photo' });
  const problems = found.map((note) => ({ ...note, row: line }));
  if (images.length === 0) return [{ line, image: title || key, product, problems, warnings: [] }];
  return images.map((image) => ({ line, image, product, problems, warnings: [] }));
}
