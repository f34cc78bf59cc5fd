/**
 * @file Rows of one product say one thing: whichever of its photos is written first, or by whom, the product comes to the
 * same.
 */
import type { ProductFields } from '../database/schema/imports.ts';
import type { CellNote } from './notes.ts';
import type { ShopPhoto } from './shop-tables.ts';

/** Photos of one number are of one product, else those of one key; undefined for a photo that is one by itself. */
export function productName({ sku, key }: ProductFields): string | undefined {
  if (sku !== undefined) return `number ${sku}`;
  return key === undefined ? undefined : `key ${key}`;
}

/** Null for a label that is taken away. */
type Value = string | number | null;

interface Said {
  readonly value: Value;
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
    const warnings = cellsOf(photo.product).flatMap(({ key, value, against }) => {
      const first = said.get(key);
      if (first === undefined) said.set(key, { value, line: photo.line });
      return first === undefined || first.value === value ? [] : [{ ...against(first), row: photo.line }];
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

interface Cell {
  /** Labels beside what else a row says. */
  readonly key: string;
  readonly value: Value;
  /** What is wrong where an earlier row says otherwise. */
  readonly against: (earlier: Said) => CellNote;
}

function cellsOf({ labels = {}, title, price, quantity }: ProductFields): Cell[] {
  const fields = ([['title', title], ['price', price], ['quantity', quantity]] as const).flatMap(([field, said]): Cell[] => {
    if (said === undefined) return [];
    const against = ({ value, line: first }: Said): CellNote => ({ code: 'cell-contradicts', field, said, counts: value ?? '', first });
    return [{ key: field, value: said, against }];
  }); // prettier-ignore
  const given = Object.entries(labels).map(([attribute, said]): Cell => {
    const code = (value: Value): string | null => (value === null ? null : String(value));
    const against = ({ value, line: first }: Said): CellNote => ({ code: 'label-contradicts', attribute, said, counts: code(value), first });
    return { key: `${LABEL}${attribute}`, value: said, against };
  }); // prettier-ignore
  return [...fields, ...given];
}

function fieldsOf(said: ReadonlyMap<string, Said>): Partial<ProductFields> {
  const cells = [...said].map(([field, { value }]) => [field, value] as const);
  const labels = cells.filter(([field]) => field.startsWith(LABEL));
  return {
    ...Object.fromEntries(cells.filter(([field]) => !field.startsWith(LABEL))),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels.map(([field, code]) => [field.slice(LABEL.length), code === null ? null : String(code)])) }), // prettier-ignore
  };
}
