/** @file What the HTTP interface takes and answers beside the catalogue: predictions and imports. */
import { z } from 'zod';
import { predictionStatusSchema } from './prediction.ts';
import { importNoteSchema } from './import-note.ts';
import { reasonSchema } from './reason.ts';

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
      /** The same for programs, one for each; empty where nothing could be read. */
      doubts: z.array(reasonSchema),
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

/** What a row of a table has changed of a product that was there already. */
export const importChangeSchema = z.object({
  /** `sku`, `title`, `price`, `quantity`, or the name of an attribute. */
  field: z.string(),
  /** Null where there was nothing. */
  from: z.union([z.string(), z.number()]).nullable(),
  /** Of an attribute the code; null for one that was taken away. */
  to: z.union([z.string(), z.number()]).nullable(),
});
export type ImportChange = z.infer<typeof importChangeSchema>;

export const importSchema = z.object({
  id: z.int(),
  state: importStateSchema,
  /** What was given, in words. */
  source: z.string(),
  /** Whether that is a name, of a file or a folder, or so many photos, sent or drawn for the demo catalogue. */
  kind: z.enum(['named', 'photos', 'drawn']),
  /** Why it failed, when it did. */
  reason: z.string(),
  /** Photos in all, and what has become of them so far. */
  total: z.int(),
  added: z.int(),
  duplicates: z.int(),
  failed: z.int(),
  waiting: z.int(),
  /** Products that were there already, and that the table has changed something of. */
  updated: z.int(),
  /** Rows of which something was passed over. */
  warned: z.int(),
  /** Photos that are in the storage; the model is asked when all are that can be. */
  received: z.int(),
  /** Whether photos are still on their way into the storage. */
  receiving: z.boolean(),
  created_at: time,
  finished_at: time.nullable(),
  /** The first of the photos that something is to be said of: duplicates, what could not be taken, what has changed. */
  remarks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['added', 'duplicate', 'failed']),
      reason: z.string(),
      /** The product that the photo is of. */
      product: z.int().nullable(),
      /** An earlier product that shows the same picture. */
      same_as: z.int().nullable(),
      /** What of the row was passed over, e.g. a label that the schema does not know; empty otherwise. */
      warning: z.string(),
      /** The same as reason and warning, for programs; empty where there is neither, or was before there were notes. */
      notes: z.array(importNoteSchema),
      changes: z.array(importChangeSchema),
    }),
  ),
});
export type ImportState = z.infer<typeof importSchema>;
