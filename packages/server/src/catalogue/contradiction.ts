/** @file Where a seller's title and a label do not agree. */
import type { CatalogueProduct, Taxonomy } from '@busana/contracts';
import { labelOf } from '@busana/vision';
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

/** In words, for the reason of a status. */
export function describeContradiction({ attribute, said, label }: Contradiction, taxonomy: Taxonomy): string {
  const { values } = taxonomy.attributes.find(({ name }) => name === attribute)!;
  const name = (code: string) => labelOf(values.find((value) => value.code === code)!);
  return `the title says ${said.map(name).join(', ')}, the photo ${name(label)}`;
}
