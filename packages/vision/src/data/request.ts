import { z } from 'zod';

/** Which data set to open, and how: what a run remembers of its data, in its config.yaml. */
export const dataRequestSchema = z.object({
  source: z.string(),
  images: z.string().optional(),
  idColumn: z.string().optional(),
  attributes: z.array(z.string()).optional(),
  group: z.string().optional(),
  schema: z.string().optional(),
  skipBad: z.boolean().optional(),
});
export type DataRequest = z.infer<typeof dataRequestSchema>;
