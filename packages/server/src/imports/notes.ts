/** @file What is wrong with rows and photos, in English, as programs and people without a page read it. */
import type { Attribute, ErrorCode, ImportNote } from '@busana/contracts';
import { labelOf } from '@busana/vision';

type Unplaced<Note> = Note extends ImportNote ? Omit<Note, 'file' | 'row'> : never;
/** What is wrong with a cell, whichever row it is in. */
export type CellNote = Unplaced<ImportNote>;
/** What is wrong with a row, whichever file it is in. */
export type RowNote = CellNote & { readonly row: number };

/** Values that a text lists. */
const LISTED = 20;

export function noteText(note: CellNote, attributes: readonly Attribute[]): string {
  switch (note.code) {
    case 'photo-missing':
      return `there is no photo '${note.name}'`;
    case 'photo-ambiguous':
      return `${note.count} photos are called '${note.name}'`;
    case 'price-invalid':
      return `the price '${note.cell}' is no number like 99.50`;
    case 'quantity-invalid':
      return `'${note.cell}' is no number of pieces`;
    case 'product-without-photo':
      return 'the product has no photo';
    case 'product-missing':
      return `there is no photo, and no product of the number '${note.sku}'`;
    case 'photo-refused':
      return 'the photo cannot be taken';
    case 'given-up':
      return 'given up';
    case 'label-unknown': {
      const attribute = attributes.find(({ name }) => name === note.attribute);
      return `column '${note.column}': '${note.cell}' is none of ${valuesOf(attribute)}; the cell is passed over`;
    }
    case 'cell-contradicts':
      return contradiction(note.field, note);
    case 'label-contradicts':
      return contradiction(`label ${note.attribute}`, note);
  }
}

function contradiction(
  cell: string,
  {
    said,
    counts,
    first,
  }: { readonly said: string | number | null; readonly counts: string | number | null; readonly first: number },
): string {
  return `${cell} '${said ?? ''}' is not what row ${first} says of the same product, '${counts ?? ''}', which counts`;
}

/** `T-shirt (0), hoodie (1)` */
function valuesOf(attribute: Attribute | undefined): string {
  const values = attribute?.values ?? [];
  const said = values.slice(0, LISTED).map((value) => {
    const name = labelOf(value);
    return name === value.code ? name : `${name} (${value.code})`;
  });
  return [...said, ...(values.length > LISTED ? [`${values.length - LISTED} more`] : [])].join(', ');
}

/** Of a photo itself. @param error code of what has failed */
export function refused(error: ErrorCode): ImportNote {
  return { code: 'photo-refused', error, file: null, row: null };
}
