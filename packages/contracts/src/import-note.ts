/**
 * @file What is wrong with a row of a table, or with a photo on its way into the catalogue, for programs: each note has a code
 * and its parts, and no language.
 */
import { z } from 'zod';

/** Where it stands; null for a photo that is in no table. Row 1 is the header. */
const place = { file: z.string().nullable(), row: z.int().nullable() };

export const importNoteSchema = z.discriminatedUnion('code', [
  /** The row cannot be taken: */
  z.object({ code: z.literal('photo-missing'), ...place, name: z.string() }),
  z.object({ code: z.literal('photo-ambiguous'), ...place, name: z.string(), count: z.int() }),
  z.object({ code: z.literal('price-invalid'), ...place, cell: z.string() }),
  z.object({ code: z.literal('quantity-invalid'), ...place, cell: z.string() }),
  z.object({ code: z.literal('product-without-photo'), ...place }),
  /** A row without a photo, and there is no product of its number. */
  z.object({ code: z.literal('product-missing'), ...place, sku: z.string() }),
  /** The photo cannot be taken; the code of an error, as of failures of the server. */
  z.object({ code: z.literal('photo-refused'), ...place, error: z.string() }),
  /** Whatever was tried. */
  z.object({ code: z.literal('given-up'), ...place }),
  /** The row is taken but for a cell: a label that the attribute does not know, or what an earlier row says otherwise. */
  z.object({ code: z.literal('label-unknown'), ...place, column: z.string(), cell: z.string(), attribute: z.string() }),
  z.object({
    code: z.literal('cell-contradicts'),
    ...place,
    /** Row of the same product that says otherwise, and counts. */
    first: z.int(),
    field: z.enum(['title', 'price', 'quantity']),
    said: z.union([z.string(), z.number()]),
    counts: z.union([z.string(), z.number()]),
  }),
  /** Codes of the attribute; null for a label that is taken away. */
  z.object({
    code: z.literal('label-contradicts'),
    ...place,
    /** Row of the same product that says otherwise, and counts. */
    first: z.int(),
    attribute: z.string(),
    said: z.string().nullable(),
    counts: z.string().nullable(),
  }),
]);
export type ImportNote = z.infer<typeof importNoteSchema>;
