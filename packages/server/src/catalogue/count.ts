/** @file Facets and the stock matrix: sums over the stock cells, or over products where a filter has words. */
import { and, gt, sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { products, stockCells, type Labels } from '../database/schema/products.ts';
import { conditions, type ProductFilter } from './find.ts';

export interface Count {
  readonly products: number;
  readonly pieces: number;
}

interface Cell extends Count {
  readonly labels: Labels;
  readonly status: string;
}

export interface Facets {
  /** Products that pass the whole filter. */
  readonly total: Count;
  /**
   * Per attribute and code, what passes the filter but for its own part on this attribute: what a click would give.
   * A code without products is not there.
   */
  readonly attributes: Readonly<Record<string, Readonly<Record<string, Count>>>>;
  readonly status: Readonly<Record<string, Count>>;
}

/** Counts beside a list of products. */
export async function facets(orm: Orm, filter: ProductFilter, attributes: readonly string[]): Promise<Facets> {
  const cells = await cellsOf(orm, filter.words ?? []);
  const but = (attribute: string) => {
    const { [attribute]: own, ...labels } = filter.labels ?? {};
    return cells.filter((cell) => passes(cell, { ...filter, labels }));
  };
  const statusless = cells.filter((cell) => passes(cell, { labels: filter.labels ?? {} }));
  return {
    total: sum(cells.filter((cell) => passes(cell, filter))),
    attributes: Object.fromEntries(
      attributes.map((attribute) => [attribute, countBy(but(attribute), ({ labels }) => labels[attribute])]),
    ),
    status: countBy(statusless, ({ status }) => status),
  };
}

/** One number per pair of codes of two attributes: `matrix[row][column]`; pairs without products are not there. */
export async function stockMatrix(
  orm: Orm,
  rows: string,
  columns: string,
  filter: ProductFilter = {},
): Promise<Readonly<Record<string, Readonly<Record<string, Count>>>>> {
  const cells = (await cellsOf(orm, filter.words ?? [])).filter((cell) => passes(cell, filter));
  const groups = group(cells, ({ labels }) => labels[rows]);
  return Object.fromEntries(
    [...groups].map(([code, members]) => [code, countBy(members, ({ labels }) => labels[columns])]),
  );
}

async function cellsOf(orm: Orm, words: readonly string[]): Promise<Cell[]> {
  if (words.length === 0) return orm.select().from(stockCells).where(gt(stockCells.products, 0));
  return orm
    .select({
      labels: products.labels,
      status: products.status,
      products: sql<number>`count(*)::integer`,
      pieces: sql<number>`sum(${products.quantity})::integer`,
    })
    .from(products)
    .where(and(...conditions({ words })))
    .groupBy(products.labels, products.status);
}

function passes(cell: Cell, { labels = {}, status }: ProductFilter): boolean {
  const labelled = Object.entries(labels).every(([attribute, codes]) => codes.includes(cell.labels[attribute] ?? ''));
  return labelled && (status === undefined || status.includes(cell.status));
}

function countBy(cells: readonly Cell[], key: (cell: Cell) => string | undefined): Record<string, Count> {
  return Object.fromEntries([...group(cells, key)].map(([code, members]) => [code, sum(members)]));
}

function group(cells: readonly Cell[], key: (cell: Cell) => string | undefined): Map<string, Cell[]> {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const code = key(cell);
    if (code === undefined) continue;
    const members = groups.get(code);
    if (members === undefined) groups.set(code, [cell]);
    else members.push(cell);
  }
  return groups;
}

function sum(cells: readonly Count[]): Count {
  return cells.reduce(
    (total, cell) => ({ products: total.products + cell.products, pieces: total.pieces + cell.pieces }),
    { products: 0, pieces: 0 },
  );
}
