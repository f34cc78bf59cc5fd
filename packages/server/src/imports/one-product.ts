/**
 * @file Rows of one product say one thing: whichever of its photos is written first, or by whom, the product comes to the
 * same.
 */
import type { ProductFields } from '../database/schema/imports.ts';
import type { ShopPhoto } from './shop-tables.ts';

/** Photos of one number are of one product, else those of one key; undefined for a photo that is one by itself. */
export function productName({ sku, key }: ProductFields): string | undefined {
  if (sku !== undefined) return `number ${sku}`;
  return key === undefined ? undefined : `key ${key}`;
}

interface Said {
  readonly value: string | number;
  readonly line: number;
}

/** Of each cell that the rows of a product fill, the first counts; a row that says otherwise is warned about. */
export function saidOnce(photos: readonly ShopPhoto[]): ShopPhoto[] {
  const products = new Map<string, Map<string, Said>>();
  const warned = photos.map((photo): ShopPhoto => {
    const name = productName(photo.product);
    // What fails says nothing.
    if (name === undefined || photo.problems.length > 0) return photo;
    const said = products.get(name) ?? new Map<string, Said>();
    products.set(name, said);
    const warnings = cellsOf(photo.product).flatMap(([field, value]) => {
      const first = said.get(field);
      if (first === undefined) said.set(field, { value, line: photo.line });
      if (first === undefined || first.value === value) return [];
      return [`${field} '${value}' is not what row ${first.line} says of the same product, '${first.value}', which counts`]; // prettier-ignore
    });
    return { ...photo, warnings: [...photo.warnings, ...warnings] };
  });
  return warned.map((photo) => {
    const said = products.get(productName(photo.product) ?? '');
    if (said === undefined || photo.problems.length > 0) return photo;
    return { ...photo, product: { ...photo.product, ...fieldsOf(said) } };
  });
}

const LABEL = 'label ';

function cellsOf({ key, sku, labels = {}, ...fields }: ProductFields): [string, string | number][] {
  return [...Object.entries(fields), ...Object.entries(labels).map(([name, code]): [string, string] => [`${LABEL}${name}`, code])]; // prettier-ignore
}

function fieldsOf(said: ReadonlyMap<string, Said>): Partial<ProductFields> {
  const cells = [...said].map(([field, { value }]) => [field, value] as const);
  const labels = cells.filter(([field]) => field.startsWith(LABEL));
  return {
    ...Object.fromEntries(cells.filter(([field]) => !field.startsWith(LABEL))),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels.map(([field, code]) => [field.slice(LABEL.length), String(code)])) }), // prettier-ignore
  };
}
