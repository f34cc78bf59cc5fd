import { z } from 'zod';
import { bootstrapIntervalSchema } from './metrics.ts';

/** The best arm against one other, on the same photos. */
export const pairedComparisonSchema = z.object({
  rival: z.string(),
  rival_emr: z.number(),
  /** Photos that only the best arm, or only the rival, got right. */
  only_best_right: z.int(),
  only_rival_right: z.int(),
  /** EMR of the best less that of the rival, with its paired bootstrap interval at 95 %. */
  emr_difference: bootstrapIntervalSchema.extend({ value: z.number() }),
  p_value: z.number(),
  /** Holm-adjusted over all rivals. */
  p_adjusted: z.number(),
  /** `p_adjusted` is below alpha. */
  significant: z.boolean(),
});
export type PairedComparison = z.infer<typeof pairedComparisonSchema>;

/** `verdict.json` of a comparison. */
export const verdictSchema = z.object({
  /** Arm with the highest EMR. */
  best: z.string(),
  /** Its EMR, the ends of the Wilson interval at 95 %, and the photos it was counted on. */
  emr: z.number(),
  low: z.number(),
  high: z.number(),
  n: z.int(),
  /** The test in words. */
  paired_test: z.string(),
  /** Largest adjusted p-value: below alpha, the best arm beats every other one. Null when there is no other. */
  p_value: z.number().nullable(),
  alpha: z.number(),
  /** The best arm beats every other one at alpha. */
  significant: z.boolean(),
  comparisons: z.array(pairedComparisonSchema),
  /** The verdict for people. */
  sentence: z.string(),
});
export type Verdict = z.infer<typeof verdictSchema>;
