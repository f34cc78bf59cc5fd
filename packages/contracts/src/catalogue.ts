/** @file The catalogue as the HTTP interface has it. */
import { z } from 'zod';
import { predictionStatusSchema } from './prediction.ts';
import { reasonSchema } from './reason.ts';

const time = z.iso.datetime({ offset: true });
const count = z.object({ products: z.int(), pieces: z.int() });
const counts = z.record(z.string(), count);

export const productSchema = z.object({
  id: z.int(),
  /** The shop's own number. */
  sku: z.string().nullable(),
  title: z.string(),
  price: z.number().nullable(),
  /** Pieces in stock. */
  quantity: z.int(),
  status: predictionStatusSchema,
  /** Why the status is not `accept`, in words. */
  reason: z.string(),
  /** Probability that all labels of the model are right, 0..1; null where no model has been asked. */
  joint_confidence: z.number().nullable(),
  /** Code per attribute. */
  labels: z.record(z.string(), z.string()),
  /** Content hash of the photo that lists show. */
  photo: z.string().nullable(),
  /** An earlier product with the same picture: compressed or scaled anew, or another print. */
  duplicate_of: z.int().nullable(),
  /** Where the title says something else than the label: codes that the title names, and that of the label. */
  contradiction: z.object({ attribute: z.string(), said: z.array(z.string()), label: z.string() }).nullable(),
  created_at: time,
  updated_at: time,
});
export type CatalogueProduct = z.infer<typeof productSchema>;

/** The most alike first. */
export const lookAlikesSchema = z.object({
  products: z.array(
    productSchema.extend({
      /** Cosine of the angle between embeddings, -1..1. */
      similarity: z.number(),
    }),
  ),
});

export const facetsSchema = z.object({
  total: count,
  /** Per attribute and code, what passes all filters but the one on this attribute. */
  attributes: z.record(z.string(), counts),
  status: counts,
});

export const productPageSchema = z.object({
  products: z.array(productSchema),
  /** Value of `before` for the next page; null on the last. */
  next: z.int().nullable(),
  facets: facetsSchema,
  /** What the text was taken for: labels, and words looked for in titles. */
  understood: z.object({ labels: z.record(z.string(), z.array(z.string())), words: z.array(z.string()) }),
});

export const stockSchema = z.object({
  rows: z.string(),
  columns: z.string(),
  /** `matrix[row code][column code]`; pairs without products are not there. */
  matrix: z.record(z.string(), counts),
});

const labelSchema = z.object({
  code: z.string(),
  source: z.enum(['model', 'person']),
  confidence: z.number().nullable(),
});

export const productDetailsSchema = productSchema.extend({
  photos: z.array(z.string()),
  /** `reason` for programs; empty where they are not known of. */
  doubts: z.array(reasonSchema),
  attributes: z.record(z.string(), labelSchema.extend({ changed_at: time })),
  /** What people changed, the newest first. */
  history: z.array(
    z.object({
      attribute: z.string(),
      from: labelSchema.nullable(),
      to: labelSchema.nullable(),
      actor: z.string(),
      /** Whether it took an earlier change back. */
      undo: z.boolean(),
      at: time,
    }),
  ),
});

/** What a person says of a product: a code per attribute, null for none; and who it is. */
export const correctionSchema = z.object({
  attributes: z
    .record(z.string(), z.string().nullable())
    .refine((attributes) => Object.keys(attributes).length > 0, 'at least one attribute'),
  who: z.string().trim().min(1).max(80).optional(),
});

/** Every answer that is no success. */
export const errorAnswerSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    /** What to do, and where several things are wrong, each of them. */
    details: z.object({ remedy: z.string(), problems: z.array(z.string()) }),
    requestId: z.string(),
  }),
});
