/** @file What the HTTP interface takes and answers beside the catalogue: predictions and imports. */
import { z } from 'zod';
import { predictionStatusSchema } from './prediction.ts';

const time = z.iso.datetime({ offset: true });

/** Photos in a JSON document; forms with files need none. */
export const predictRequestSchema = z.object({
  photos: z
    .array(
      z.object({
        /** Whatever the caller calls the photo; it comes back with the answer. */
        id: z.string().max(200).optional(),
        /** The file in base64, or a `data:` address of it. */
        image: z.string().min(1),
      }),
    )
    .min(1),
});

export const predictAnswerSchema = z.object({
  model: z.object({
    name: z.string(),
    /** SHA-256 of the model file, in hexadecimal. */
    hash: z.string(),
  }),
  /** One per photo, in the order they came. */
  predictions: z.array(
    z.object({
      id: z.string().nullable(),
      /** Name of the file in the form. */
      name: z.string().nullable(),
      /** Empty when the status is `error`. */
      attributes: z.array(
        z.object({
          name: z.string(),
          code: z.string(),
          label: z.string(),
          /** 0..1 */
          probability: z.number(),
          /** Probability of every code; only when asked for. */
          classes: z.record(z.string(), z.number()).optional(),
        }),
      ),
      /** Probability that every attribute is right, 0..1. */
      joint_confidence: z.number(),
      status: predictionStatusSchema,
      /** Why the status is not `accept`, in words. */
      reasons: z.array(z.string()),
      /** Code of the table of errors, of a photo that nothing can be read from. */
      error: z.string().nullable(),
    }),
  ),
  /** From the whole request to the answer. */
  timing: z.object({ milliseconds: z.number() }),
});
export type PredictAnswer = z.infer<typeof predictAnswerSchema>;

/** An import without a form: a folder on the machine of the server. */
export const importRequestSchema = z.object({ folder: z.string().min(1) });

export const importStateSchema = z.enum(['running', 'done', 'cancelled', 'failed']);

export const importSchema = z.object({
  id: z.int(),
  state: importStateSchema,
  /** What was given, in words. */
  source: z.string(),
  /** Why it failed, when it did. */
  reason: z.string(),
  /** Photos in all, and what has become of them so far. */
  total: z.int(),
  added: z.int(),
  duplicates: z.int(),
  failed: z.int(),
  waiting: z.int(),
  created_at: time,
  finished_at: time.nullable(),
  /** The first of the photos that are duplicates, could not be taken, or look like another product's, and why. */
  remarks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['added', 'duplicate', 'failed']),
      reason: z.string(),
      /** The product that the photo is of. */
      product: z.int().nullable(),
    }),
  ),
});
export type ImportState = z.infer<typeof importSchema>;
