import { z } from 'zod';

/** A proportion with its Wilson score interval at 95 %. */
export const proportionSchema = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.int() });
export type Proportion = z.infer<typeof proportionSchema>;

/** A bootstrap interval at 95 %. */
export const bootstrapIntervalSchema = z.object({ low: z.number(), high: z.number(), resamples: z.int() });
export type BootstrapInterval = z.infer<typeof bootstrapIntervalSchema>;

export const classMetricsSchema = z.object({
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  support: z.int(),
});
export type ClassMetrics = z.infer<typeof classMetricsSchema>;

/** Counts of truth against prediction. */
const confusionSchema = z.object({
  /** `[truth][prediction]` counts, in the order of `labels`. */
  confusion: z.array(z.array(z.int())),
  /** Codes of the values. */
  labels: z.array(z.string()),
});

/** The same of all attributes together. */
export const combinationSchema = confusionSchema.extend({
  /** Codes of each combination, one per attribute. */
  labels: z.array(z.array(z.string())),
});
export type Combination = z.infer<typeof combinationSchema>;

/** Ten bins of equal count, least confident first: mean confidence, share that was right, photos. */
const binsSchema = z.array(z.object({ confidence: z.number(), accuracy: z.number(), count: z.int() }));

/** What confidences are worth. */
export const calibrationSchema = z.object({
  /** Mean distance between confidence and share right over 10 equal-count bins, weighted by count. */
  expected_calibration_error: z.number(),
  /** Mean squared distance of the probabilities from what turned out true. */
  brier_score: z.number(),
  bins: binsSchema,
});
export type Calibration = z.infer<typeof calibrationSchema>;

export const attributeMetricsSchema = z.object({
  accuracy: z.number(),
  macro_precision: z.number(),
  macro_recall: z.number(),
  macro_f1: z.number(),
  /** Keyed by the code of the value. */
  per_class: z.record(z.string(), classMetricsSchema),
  ...confusionSchema.shape,
  /** Of the likeliest value's probability; the Brier score is that over all values, 0..2. */
  calibration: calibrationSchema,
});
export type AttributeMetrics = z.infer<typeof attributeMetricsSchema>;

/** What temperature scaling did to the confidences of a run. */
export const scalingSchema = z.object({
  /** On which photos the temperatures behind the figures were fitted, in words. */
  fitted_on: z.string(),
  /** Temperatures in the model file, fitted on all held-back photos, by output of the network. */
  temperatures: z.record(z.string(), z.number()),
  /** Joint confidence without scaling. */
  before: calibrationSchema,
});
export type Scaling = z.infer<typeof scalingSchema>;

/** A threshold of the joint confidence that reaches a wanted EMR. */
export const acceptanceSchema = z.object({
  /** EMR that the accepted photos should have. */
  target_emr: z.number(),
  /** Accept from this joint confidence on. */
  threshold: z.number(),
  /** Share of the photos that is accepted, their EMR, and how many of them are not and remain to be reviewed. */
  coverage: z.number(),
  emr: z.number(),
  review: z.int(),
});
export type Acceptance = z.infer<typeof acceptanceSchema>;

/** A photo that was read wrongly, by codes. */
export const mistakeSchema = z.object({
  image: z.string(),
  joint_confidence: z.number(),
  attributes: z.record(z.string(), z.object({ truth: z.string(), predicted: z.string(), confidence: z.number() })),
});
export type Mistake = z.infer<typeof mistakeSchema>;

/** `metrics.json` of a run, and the answer of `evaluate --json`. */
export const metricsSchema = z.object({
  /** Exact Match Ratio over the photos whose every attribute is labelled; the bootstrap resamples groups of photos. */
  emr: proportionSchema.extend({ bootstrap: bootstrapIntervalSchema }),
  /** The same without copies of other photos; where groups of photos are known. */
  emr_without_twins: proportionSchema.optional(),
  /** Share of wrong attributes, and mean overlap of true and predicted labels, over the photos that EMR counts. */
  hamming_loss: z.number(),
  jaccard: z.number(),
  attributes: z.record(z.string(), attributeMetricsSchema),
  /** All attributes together, the combinations that occur; left out for one attribute, or when there are too many. */
  combination: combinationSchema.optional(),
  /** Of the joint confidence: the probability that every attribute is right. */
  calibration: calibrationSchema.extend({ bootstrap: bootstrapIntervalSchema, scaling: scalingSchema.optional() }),
  /** EMR of the photos whose joint confidence is at least `threshold`, best first. */
  risk_coverage: z.array(z.object({ threshold: z.number(), coverage: z.number(), emr: z.number() })),
  /** What to accept without review for a wanted EMR; targets that no threshold reaches are left out. */
  acceptance: z.array(acceptanceSchema),
  /** The same in words. */
  advice: z.string(),
  /** The most confident mistakes, worst first. */
  mistakes: z.array(mistakeSchema),
});
export type Metrics = z.infer<typeof metricsSchema>;
