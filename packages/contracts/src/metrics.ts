import { z } from 'zod';

/** A proportion with its Wilson score interval at 95 %. */
export const proportionSchema = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.int() });
export type Proportion = z.infer<typeof proportionSchema>;

export const classMetricsSchema = z.object({
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  support: z.int(),
});
export type ClassMetrics = z.infer<typeof classMetricsSchema>;

export const attributeMetricsSchema = z.object({
  accuracy: z.number(),
  macro_f1: z.number(),
  /** Keyed by the code of the value. */
  per_class: z.record(z.string(), classMetricsSchema),
  /** `[truth][prediction]` counts, in the order of `labels`. */
  confusion: z.array(z.array(z.int())),
  labels: z.array(z.string()),
});
export type AttributeMetrics = z.infer<typeof attributeMetricsSchema>;

/** `metrics.json` of a run, and the answer of `evaluate --json`. */
export const metricsSchema = z.object({
  /** Exact Match Ratio over the photos whose every attribute is labelled. */
  emr: proportionSchema,
  attributes: z.record(z.string(), attributeMetricsSchema),
  /** Expected calibration error of the joint confidence over 10 equal-count bins, and the bins. */
  calibration: z.object({
    expected_calibration_error: z.number(),
    bins: z.array(z.object({ confidence: z.number(), accuracy: z.number(), count: z.int() })),
  }),
  /** EMR of the photos whose joint confidence is at least `threshold`, best first. */
  risk_coverage: z.array(z.object({ threshold: z.number(), coverage: z.number(), emr: z.number() })),
});
export type Metrics = z.infer<typeof metricsSchema>;
