import { z } from 'zod';

/** Ways to explain a prediction, in the order help texts list them. */
export const explanationMethods = ['partition', 'shap', 'gradcam', 'gradcam++', 'rollout', 'occlusion'] as const;
export const explanationMethodSchema = z.enum(explanationMethods);
export type ExplanationMethod = z.infer<typeof explanationMethodSchema>;

/** What stands for a hidden part of a photo. */
export const maskings = ['blur', 'inpaint'] as const;
export const maskingSchema = z.enum(maskings);
export type Masking = z.infer<typeof maskingSchema>;

/** What values add up to: the log-odds of a probability, log(p / (1 - p)), or the model's output as it is. */
export const explainedScores = ['log-odds', 'output'] as const;
export const explainedScoreSchema = z.enum(explainedScores);
export type ExplainedScore = z.infer<typeof explainedScoreSchema>;

/** Probability of the class while pixels are taken away or put back, the most important ones first. */
export const faithfulnessCurveSchema = z.object({
  /** Output of the model after each step; the first is before any pixel has changed. */
  scores: z.array(z.number()),
  /** Area under the curve over the share of pixels changed, 0..1, by trapezoids. */
  area: z.number(),
});
export type FaithfulnessCurve = z.infer<typeof faithfulnessCurveSchema>;

/** Why one class of one attribute was given the probability it was. */
export const attributionSchema = z.object({
  attribute: z.string(),
  code: z.string(),
  /** Name of the class for people. */
  label: z.string(),
  /** Output of the model for this class. */
  output: z.number(),
  /** The output as it is explained: its log-odds, or itself; null where values do not add up. */
  explained_value: z.number().nullable(),
  /** That, when the model sees nothing of the photo; null for methods that have no such notion. */
  base_value: z.number().nullable(),
  /** Between the largest and the smallest score of the photo and of what it is compared with. */
  score_range: z.number().nullable(),
  /** |base value + sum of the values - explained value|; null where values do not add up. */
  additivity_error: z.number().nullable(),
  /** Of the absolute values, the share on the garment, 0..1; null where no garment could be told from the ground. */
  garment_share: z.number().nullable(),
  /** Smaller is better: the class is lost soon when what matters is taken away. */
  deletion: faithfulnessCurveSchema.nullable(),
  /** Larger is better: the class is found soon when what matters comes back. */
  insertion: faithfulnessCurveSchema.nullable(),
  /** What a person should know before trusting the prediction. */
  warnings: z.array(z.string()),
  /** NumPy file of the values, float32 `[height, width, channels]`, 1 or 3 channels; relative to the document. */
  values: z.string(),
  /** PNG of the photo with the values over it; relative to the document. */
  overlay: z.string(),
});
export type AttributionRecord = z.infer<typeof attributionSchema>;

export const explainedPhotoSchema = z.object({
  image: z.string(),
  /** Why the photo could not be read; null otherwise. */
  error: z.string().nullable(),
  /** Of the photo's pixels, the share that is garment; null where it could not be told. */
  garment_area: z.number().nullable(),
  /** How long the method took, in seconds. */
  seconds: z.number(),
  attributions: z.array(attributionSchema),
});
export type ExplainedPhoto = z.infer<typeof explainedPhotoSchema>;

/** `explanation.json`, and the answer of `explain --json`. */
export const explanationSchema = z.object({
  model: z.string(),
  method: explanationMethodSchema,
  /** Side of the square that photos were resized to; values have this size. */
  size: z.int(),
  /** What values are shares of; null for methods that only say how much. */
  score: explainedScoreSchema.nullable(),
  /** Whether every class of a photo has the same values, because the method does not ask for a class. */
  class_independent: z.boolean(),
  /** Model evaluations the method was allowed; null for methods that need a fixed number. */
  samples: z.int().nullable(),
  masking: maskingSchema.nullable(),
  /** Where the background photos of `shap` came from, and how many; null for other methods. */
  background: z.object({ source: z.string(), photos: z.int() }).nullable(),
  seed: z.int(),
  photos: z.array(explainedPhotoSchema),
});
export type Explanation = z.infer<typeof explanationSchema>;
