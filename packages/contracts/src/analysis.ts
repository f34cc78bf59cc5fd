import { z } from 'zod';

export const chiSquareTestSchema = z.object({
  statistic: z.number(),
  p_value: z.number(),
  degrees_of_freedom: z.int(),
  /** Counts expected under independence, `[rows][columns]`. */
  expected: z.array(z.array(z.number())),
  /** Strength of the association, 0 none to 1 complete. */
  cramers_v: z.number(),
  /** Corrected for continuity, as is usual with one degree of freedom. */
  yates_correction: z.boolean(),
});
export type ChiSquareTest = z.infer<typeof chiSquareTestSchema>;

/** How two attributes go together, over the photos that have both labels. */
export const attributePairSchema = chiSquareTestSchema.extend({
  /** Names of the attributes in the rows and in the columns. */
  rows: z.string(),
  columns: z.string(),
  /** Codes, and their names for people, in the order of the table. */
  row_codes: z.array(z.string()),
  column_codes: z.array(z.string()),
  row_labels: z.array(z.string()),
  column_labels: z.array(z.string()),
  /** Contingency table, `[rows][columns]`. */
  counts: z.array(z.array(z.int())),
  alpha: z.number(),
  independence_rejected: z.boolean(),
  /** What the test found, one sentence. */
  verdict: z.string(),
  /** What that means for the choice between independent and combined labels, one sentence. */
  implication: z.string(),
});
export type AttributePair = z.infer<typeof attributePairSchema>;

export const attributeCountsSchema = z.object({
  name: z.string(),
  kind: z.string(),
  values: z.array(z.object({ code: z.string(), label: z.string(), count: z.int() })),
  /** Empty cells. */
  missing: z.int(),
});
export type AttributeCounts = z.infer<typeof attributeCountsSchema>;

/** Smallest, median and largest of a measure. */
export const spreadSchema = z.object({ min: z.number(), median: z.number(), max: z.number() });
export type Spread = z.infer<typeof spreadSchema>;

/** What the files are, whatever their names say. */
export const imageStatisticsSchema = z.object({
  images: z.int(),
  /** Files per real format. */
  formats: z.record(z.string(), z.int()),
  /** Files whose extension names another format than their content. */
  misnamed: z.array(z.object({ name: z.string(), format: z.string() })),
  width: spreadSchema.nullable(),
  height: spreadSchema.nullable(),
  bytes: spreadSchema.nullable(),
});
export type ImageStatistics = z.infer<typeof imageStatisticsSchema>;

/** Two photos of the same thing. */
export const duplicateSchema = z.object({
  first: z.string(),
  second: z.string(),
  /** `exact`: the same pixels; `near`: the same structure, possibly in other colours. */
  kind: z.enum(['exact', 'near']),
  /** One is labelled, the other in the test set: figures on that test set would be too good. */
  leak: z.boolean(),
  /** Attributes whose labels differ: one photo in several colours, or a label error. */
  differing: z.array(z.string()),
});
export type Duplicate = z.infer<typeof duplicateSchema>;

/** What the files say; only where they were looked at. */
export const fileAnalysisSchema = z.object({
  images: imageStatisticsSchema,
  /** Files that cannot be decoded, with the reason. */
  unreadable: z.array(z.object({ name: z.string(), reason: z.string() })),
  duplicates: z.array(duplicateSchema),
});
export type FileAnalysis = z.infer<typeof fileAnalysisSchema>;

/** Answer of `analyze --json`. */
export const analysisSchema = z.object({
  source: z.string(),
  photos: z.int(),
  test_photos: z.int(),
  fully_labelled: z.int(),
  attributes: z.array(attributeCountsSchema),
  pairs: z.array(attributePairSchema),
  files: fileAnalysisSchema.nullable(),
});
export type Analysis = z.infer<typeof analysisSchema>;
