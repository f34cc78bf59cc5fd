/** @file Products as tables: our own, Shopify's and WooCommerce's, as imports of either read them. */
import type { Taxonomy } from '@busana/contracts';
import { labelOf } from '@busana/vision';
import { guarded } from '../imports/cells.ts';
import type { Labels } from '../database/schema/products.ts';
import type { ExportedProduct } from './products.ts';

interface ExportContext {
  readonly taxonomy: Taxonomy;
  /** Where a photo is to be had, by its hash. */
  readonly address: (hash: string) => string;
}

/** A form of table: its columns, and the rows of one product. */
export interface ExportForm {
  readonly columns: (taxonomy: Taxonomy) => readonly string[];
  readonly rows: (product: ExportedProduct, context: ExportContext) => readonly (readonly string[])[];
}

/** A row per photo; a product without any has one as well. Whose word a label is stands beside it: an import asks for that. */
const csv: ExportForm = {
  columns: ({ attributes }) => [
    ...['product', 'sku', 'title', 'price', 'quantity', 'status', 'joint_confidence'],
    ...attributes.flatMap(({ name }) => [name, `${name}_label`, `${name}_source`]),
    ...['image', 'file'],
  ],
  rows(product, { taxonomy, address }) {
    const { id, sku, title, price, quantity, status, jointConfidence, labels, sources, photos } = product;
    const own = [String(id), guarded(sku ?? ''), guarded(title), asPrice(price), String(quantity), status, jointConfidence?.toFixed(6) ?? '']; // prettier-ignore
    const said = taxonomy.attributes.flatMap(({ name }) => [labels[name] ?? '', nameOf(taxonomy, name, labels), sources[name] ?? ''].map(guarded)); // prettier-ignore
    if (photos.length === 0) return [[...own, ...said, '', '']];
    return photos.map(({ hash, name }) => [...own, ...said, address(hash), guarded(name)]);
  },
};

/** Columns of Shopify's product template; rows after the first of a product have its further photos. */
const shopify: ExportForm = {
  columns: () => [
    ...[
      'Handle',
      'Title',
      'Tags',
      'Published',
      'Option1 Name',
      'Option1 Value',
      'Variant SKU',
      'Variant Inventory Tracker',
    ],
    ...['Variant Inventory Qty', 'Variant Inventory Policy', 'Variant Fulfillment Service', 'Variant Price'],
    ...['Image Src', 'Image Position', 'Status'],
  ],
  rows(product, { taxonomy, address }) {
    const { id, sku, price, quantity, photos } = product;
    const handle = `busana-${id}`;
    const own = [titleOf(product, taxonomy), guarded(namesOf(taxonomy, product.labels).join(', ')), 'TRUE', 'Title', 'Default Title', guarded(sku ?? ''), 'shopify', String(quantity), 'deny', 'manual', asPrice(price)]; // prettier-ignore
    const images = photos.length === 0 ? [''] : photos.map(({ hash }) => address(hash));
    return images.map((image, at) => [
      ...[handle, ...(at === 0 ? own : own.map(() => ''))],
      ...[image, image === '' ? '' : String(at + 1), at === 0 ? 'active' : ''],
    ]);
  },
};

/** Columns of WooCommerce's product CSV; labels are attributes of the product. Without ids, which would be another shop's. */
const woocommerce: ExportForm = {
  columns: ({ attributes }) => [
    ...['Type', 'SKU', 'Name', 'Published', 'Visibility in catalog', 'In stock?', 'Stock', 'Regular price', 'Images'],
    ...attributes.flatMap((_, at) =>
      ['name', 'value(s)', 'visible', 'global'].map((part) => `Attribute ${at + 1} ${part}`),
    ),
  ],
  rows(product, { taxonomy, address }) {
    const { sku, price, quantity, photos, labels } = product;
    const images = photos.map(({ hash }) => address(hash)).join(', ');
    return [
      [
        ...['simple', guarded(sku ?? ''), titleOf(product, taxonomy), '1', 'visible', quantity > 0 ? '1' : '0'],
        ...[String(quantity), asPrice(price), images],
        ...taxonomy.attributes.flatMap(({ name }) => [
          guarded(name),
          guarded(nameOf(taxonomy, name, labels)),
          '1',
          '1',
        ]),
      ],
    ];
  },
};

export const exportForms = { csv, shopify, woocommerce } as const;

/** These shops take no product without a title: what has none is called by its labels. */
function titleOf({ title, labels }: ExportedProduct, taxonomy: Taxonomy): string {
  return guarded(title === '' ? namesOf(taxonomy, labels).join(' ') : title);
}

function namesOf(taxonomy: Taxonomy, labels: Labels): string[] {
  return taxonomy.attributes.map(({ name }) => nameOf(taxonomy, name, labels)).filter((name) => name !== '');
}

function nameOf({ attributes }: Taxonomy, attribute: string, labels: Labels): string {
  const value = attributes
    .find(({ name }) => name === attribute)
    ?.values.find(({ code }) => code === labels[attribute]);
  return value === undefined ? '' : labelOf(value);
}

function asPrice(price: number | null): string {
  return price === null ? '' : price.toFixed(2);
}
