import { z } from 'zod';
import { taxonomySchema } from './attributes.ts';
import { approachSchema } from './training.ts';

/** Version of the layout of the metadata below; a file with a higher one is refused. */
export const ARTIFACT_VERSION = 1;

/** `busana.preprocess`: what to do to a photo before it is fed to the graph. */
export const preprocessSchema = z.object({
  /** Side of the square input, in pixels. */
  size: z.int().positive(),
  /** How a photo becomes a square of that size; the only way there is so far. */
  resize: z.literal('bicubic-antialiased'),
  crop: z.literal('none'),
});
export type Preprocess = z.infer<typeof preprocessSchema>;

/** `busana.thresholds`: from which confidence on a prediction needs no second look. */
export const thresholdsSchema = z.object({
  /** Joint confidence from which a prediction is accepted, 0..1. */
  accept: z.number(),
  /** Share of the held-back photos at or above it, and their EMR; undefined when nothing was held back. */
  coverage: z.number().optional(),
  emr: z.number().optional(),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;

/** `busana.golden`: a picture and what the model answers to it, so that a runtime can check itself when it loads. */
export const goldenSchema = z.object({
  /** PNG, base64. */
  picture: z.string(),
  /** Positions in the prepared uint8 `[1, size, size, 3]` tensor, and the values there. */
  tensor: z.object({ positions: z.array(z.int()), values: z.array(z.int()) }),
  /** Probabilities per output name. */
  outputs: z.record(z.string(), z.array(z.number())),
  /** By output: how far answers may be from these; default 0.001. Where activations are rounded to 8 bits, more. */
  tolerance: z.record(z.string(), z.number().positive()).optional(),
});
export type Golden = z.infer<typeof goldenSchema>;

/** `busana.familiarity`: what the model has learnt from, to tell what is no garment of this catalogue. */
export const familiaritySchema = z
  .object({
    version: z.literal(1),
    /** A photo is as far as the nearest mean, in 1 - cosine of the embeddings. */
    method: z.literal('class-means'),
    /** Numbers per embedding. */
    width: z.int().positive(),
    /** Mean directions of the photos of each class: float32 `[classes, width]`, little-endian, base64. */
    means: z.string(),
    /** Photos farther than this are unknown; 0..2. */
    threshold: z.number().nonnegative(),
    /** Photos the threshold was set on, and which they were. */
    set_on: z.object({ photos: z.int(), kind: z.enum(['held-out', 'training']) }),
  })
  .refine(
    ({ width, means }) => Buffer.byteLength(means, 'base64') % (4 * width) === 0 && means !== '',
    'means of another width',
  );
export type Familiarity = z.infer<typeof familiaritySchema>;

/** How a model was made smaller after its training. */
export const compressionSchema = z.object({
  format: z.enum(['onnx-fp16', 'onnx-int8']),
  /** SHA-256 of the file it was made from. */
  source_sha256: z.string(),
  /** int8: how the ranges of activations were found, on how many photos. */
  calibration: z
    .object({ method: z.enum(['percentile', 'entropy']), percent: z.number().optional(), photos: z.int() })
    .optional(),
  /** int8: layers that stayed in float32 because integers harmed them most. */
  float_layers: z.array(z.string()).optional(),
});
export type Compression = z.infer<typeof compressionSchema>;

/** `busana.provenance`: where the model comes from. */
export const provenanceSchema = z.object({
  name: z.string(),
  architecture: z.string(),
  approach: approachSchema,
  /** Hash over labels and images of the training data. */
  data_fingerprint: z.string(),
  photos: z.int(),
  seed: z.int(),
  epochs: z.int(),
  created_by: z.string(),
  /** Left out for a model as it was trained, in float32. */
  compression: compressionSchema.optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** The metadata entries of a model file, by their names in the file. */
export const artifactMetadataSchema = z.object({
  'busana.version': z.int().positive(),
  'busana.schema': taxonomySchema,
  'busana.preprocess': preprocessSchema,
  'busana.thresholds': thresholdsSchema,
  'busana.golden': goldenSchema,
  'busana.provenance': provenanceSchema,
  /** Left out by models made before there was one; they call nothing unknown. */
  'busana.familiarity': familiaritySchema.optional(),
});
export type ArtifactMetadata = z.infer<typeof artifactMetadataSchema>;
