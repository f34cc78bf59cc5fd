/** @file Where a seller's title and a label do not agree. */
import type { CatalogueProduct, Taxonomy } from '@busana/contracts';
import type { Labels } from '../database/schema/products.ts';
import { saidWords, understand } from './understand.ts';

export type Contradiction = NonNullable<CatalogueProduct['contradiction']>;

/**
 * The first attribute of which the title names some value and not that of the label. Of typing mistakes nothing is
 * concluded.
 */
export function contradictionOf(title: string, labels: Labels, taxonomy: Taxonomy): Contradiction | null {
  if (title === '') return null;
  const said = understand(title, taxonomy, new Set(saidWords(title))).labels;
  for (const { name: attribute } of taxonomy.attributes) {
    const [codes, label] = [said[attribute], labels[attribute]];
    if (codes !== undefined && label !== undefined && !codes.includes(label)) return { attribute, said: codes, label };
  }
  return null;
}
