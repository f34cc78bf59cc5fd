import { z } from 'zod';

export const predictionStatusSchema = z.enum(['accept', 'review', 'unknown', 'error']);
export type PredictionStatus = z.infer<typeof predictionStatusSchema>;

export const attributePredictionSchema = z.object({
  name: z.string(),
  /** Code of the likeliest value, as in the training file. */
  code: z.string(),
  /** Its name for people. */
  label: z.string(),
  /** Probability of that value, 0..1. */
  confidence: z.number(),
  /** Probability per code. */
  probabilities: z.record(z.string(), z.number()),
});
export type AttributePrediction = z.infer<typeof attributePredictionSchema>;

/** What was read from one photo, or why nothing could be. */
export const predictionSchema = z.object({
  /** The photo as the user named it. */
  image: z.string(),
  /** Empty when `status` is `error`. */
  attributes: z.array(attributePredictionSchema),
  /** Probability that every attribute is right, 0..1. */
  joint_confidence: z.number(),
  status: predictionStatusSchema,
  /** Why the status is not `accept`, in words; empty otherwise. */
  reason: z.string(),
  /** Name of the model that answered. */
  model: z.string(),
});
export type Prediction = z.infer<typeof predictionSchema>;
