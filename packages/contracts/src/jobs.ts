/** @file What there is to do behind requests, who does it, and what could not be done. */
import { z } from 'zod';

export const jobsSchema = z.object({
  queues: z.array(
    z.object({
      /** `predict`: photos of imports; `train`; `analyze`. */
      name: z.string(),
      waiting: z.int(),
      active: z.int(),
      /** Jobs that could not be done. */
      dead: z.int(),
    }),
  ),
  workers: z.array(
    z.object({
      id: z.string(),
      /** Name of the machine, and id of the process there. */
      host: z.string(),
      process: z.int(),
      queues: z.array(z.string()),
      /** Jobs of each queue at once. */
      concurrency: z.int(),
      /** Whether it was seen within the last seconds. */
      alive: z.boolean(),
      started_at: z.iso.datetime(),
    }),
  ),
  /** The newest first, and not all where there are very many. */
  dead: z.array(
    z.object({
      id: z.string(),
      /** `receive` and `predict` are of an import, `anew` of the catalogue after another model was activated. */
      kind: z.enum(['receive', 'predict', 'anew', 'train', 'analyze', 'unknown']),
      /** Id of the import, training or analysis. */
      of: z.int().nullable(),
      /** How many photos, where it is of an import. */
      photos: z.int().nullable(),
      /** Why it could not be done, the last time it was tried. */
      reason: z.string(),
      failed_at: z.iso.datetime(),
    }),
  ),
});
export type JobsState = z.infer<typeof jobsSchema>;
