/** @file What a request says of labels, checked against the attributes and values that there are. */
import { BusanaError, type Taxonomy } from '@busana/contracts';
import type { Correction } from '../catalogue/correct.ts';

/** @throws BusanaError USAGE */
export function correctionsOf(
  taxonomy: Taxonomy,
  productId: number,
  attributes: Readonly<Record<string, string | null>>,
): Correction[] {
  return Object.entries(attributes).map(([attribute, code]) => ({
    productId,
    attribute: expectAttribute(taxonomy, attribute),
    code: code === null ? null : expectCode(taxonomy, attribute, code),
  }));
}

/** @throws BusanaError USAGE */
export function expectAttribute({ attributes }: Taxonomy, name: string): string {
  if (attributes.some((attribute) => attribute.name === name)) return name;
  const known = attributes.map((attribute) => attribute.name).join(', ');
  throw new BusanaError('USAGE', `there is no attribute '${name}'`, { remedy: `The attributes are ${known}.` });
}

/** @throws BusanaError USAGE */
export function expectCode(taxonomy: Taxonomy, name: string, code: string): string {
  const { values } = taxonomy.attributes.find((attribute) => attribute.name === expectAttribute(taxonomy, name))!;
  if (values.some((value) => value.code === code)) return code;
  const known = values.map((value) => value.code).join(', ');
  throw new BusanaError('USAGE', `'${name}' has no value '${code}'`, { remedy: `Its codes are ${known}.` });
}
