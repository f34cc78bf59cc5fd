/** @file Columns of a table that are attributes of the schema: what their cells say is a person's word. */
import type { Attribute } from '@busana/contracts';
import { normaliseName, resolveValue } from '@busana/vision';
import { unguarded } from './cells.ts';
import type { CellNote } from './notes.ts';
import type { ShopRow } from './shop-tables.ts';

/** An attribute, and the columns that are called by one of its names. */
interface LabelColumn {
  readonly attribute: Attribute;
  readonly columns: readonly string[];
  /** Column that says whose word a label is; undefined where there is none. */
  readonly source: string | undefined;
}

/** A column of this name says how sure a model was: what stands beside it a model has written. */
const WRITTEN_BY_A_MODEL = 'joint_confidence';

/**
 * An attribute's column has its name, or its title in any language. In a table that a model has written, an export of the
 * catalogue or a file of predictions, only labels of which another column says that they are a person's are anybody's word.
 * @param header in lower case, without the columns that are for something else
 */
export function labelColumns(attributes: readonly Attribute[], header: readonly string[]): LabelColumn[] {
  return attributes.flatMap((attribute): LabelColumn[] => {
    const { name, titles } = attribute;
    // With one attribute alone there is no doubt what a label is of.
    const names = [name, ...Object.values(titles), ...(attributes.length === 1 ? ['label'] : [])].map(asTitle);
    const columns = header.filter((column) => names.includes(asTitle(column)));
    const source = header.find((column) => column === `${name}_source`.toLowerCase());
    const nobodys = source === undefined && header.includes(WRITTEN_BY_A_MODEL);
    return columns.length === 0 || nobodys ? [] : [{ attribute, columns, source }];
  });
}

/**
 * Codes by attribute. An empty cell says nothing, unless another column says that it is a person's word: then they have
 * taken the label away, which is null.
 * @param warnings is told of cells that are no value
 */
export function readLabels(
  { get }: ShopRow,
  labelled: readonly LabelColumn[],
  warnings: CellNote[],
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    labelled.flatMap(({ attribute, columns, source }): [string, string | null][] => {
      const column = columns.find((name) => get(name) !== '');
      const by = source === undefined ? '' : get(source);
      if (column === undefined) return by === 'person' ? [[attribute.name, null]] : [];
      // What was filled in by hand has no source yet.
      if (by !== 'person' && by !== '') return [];
      const cell = unguarded(get(column));
      const at = resolveValue(attribute, cell);
      if (at !== undefined) return [[attribute.name, attribute.values[at]!.code]];
      warnings.push({ code: 'label-unknown', column, cell, attribute: attribute.name });
      return [];
    }),
  );
}

/** As other names are compared, in either spelling of English. */
function asTitle(name: string): string {
  return normaliseName(name).replaceAll('colour', 'color');
}
