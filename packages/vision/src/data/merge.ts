/** @file Several data sets as one: attributes of all of them, cells that a source lacks not labelled. */
import type { Attribute, Taxonomy } from '@busana/contracts';
import { MISSING, type Dataset } from './dataset.ts';
import { mergeAttributes, sameValue } from './merge-attributes.ts';

export interface Part {
  /** Prefix of the ids and groups of its photos. */
  readonly name: string;
  readonly dataset: Dataset;
}

/**
 * Attributes of the same name are one, with the values of all sources in the order they appear. Photos of test folders
 * are left out: what they are to be asked about is a source's own affair.
 * @param known the taxonomy the labels are read by, when that is given; else the union
 * @throws BusanaError DATA_INVALID when a code means two things
 */
export function mergeDatasets(source: string, parts: readonly Part[], known?: Taxonomy): Dataset {
  const lists = parts.map(({ dataset }) => dataset.taxonomy.attributes);
  const taxonomy = known ?? {
    id: 'id',
    attributes: mergeAttributes(lists, source),
  };
  return {
    source,
    taxonomy,
    photos: parts.flatMap(({ name, dataset }) => {
      const translate = translator(dataset.taxonomy.attributes, taxonomy.attributes, source);
      return dataset.photos.map(({ id, targets, group, ...photo }) => ({
        ...photo,
        id: `${name}/${id}`,
        name: `${name}/${photo.name}`,
        targets: translate(targets),
        ...(group !== undefined && { group: `${name}/${group}` }),
      }));
    }),
    test: [],
    dropped: parts.flatMap(({ dataset }) => dataset.dropped),
  };
}

/** Targets by a source's own attributes -> by those of all. */
function translator(from: readonly Attribute[], to: readonly Attribute[], source: string) {
  const columns = to.map(({ name }) => from.findIndex((attribute) => attribute.name === name));
  const values = to.map((attribute, position) =>
    (from[columns[position]!]?.values ?? []).map((value) => sameValue(attribute, value, source) ?? MISSING),
  );
  return (targets: readonly number[]): number[] =>
    columns.map((column, position) => {
      const target = column < 0 ? MISSING : targets[column]!;
      return target === MISSING ? MISSING : values[position]![target]!;
    });
}
