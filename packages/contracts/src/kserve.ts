/**
 * @file The Open Inference Protocol (KServe V2 over REST), with the extensions for binary tensors and for classification
 * that Triton has: https://github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md.
 */
import { z } from 'zod';

const parametersSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional();

/** Of the datatypes of the protocol those that are taken and answered here. */
export const tensorTypeSchema = z.enum(['BYTES', 'UINT8', 'FP32']);
export type TensorType = z.infer<typeof tensorTypeSchema>;

const tensorMetadataSchema = z.object({
  name: z.string(),
  datatype: tensorTypeSchema,
  /** -1: as many as there are photos. */
  shape: z.array(z.int()),
});

export const inferenceServerSchema = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});

export const inferenceLiveSchema = z.object({ live: z.boolean() });
export const inferenceReadySchema = z.object({ ready: z.boolean() });
export const inferenceModelReadySchema = z.object({ name: z.string(), ready: z.boolean() });

export const inferenceModelSchema = z.object({
  name: z.string(),
  /** SHA-256 of the model file, in hexadecimal. */
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorMetadataSchema),
  outputs: z.array(tensorMetadataSchema),
});
export type InferenceModel = z.infer<typeof inferenceModelSchema>;

export const inferenceRequestSchema = z.object({
  id: z.string().max(200).optional(),
  /** `binary_data_output`: outputs are binary unless they say otherwise. */
  parameters: parametersSchema,
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().nonnegative()).min(1).max(8),
        datatype: z.string(),
        /** `binary_data_size`: bytes of this tensor after the document. */
        parameters: parametersSchema,
        /** Flat or nested, row by row; `BYTES` are base64. Left out where the tensor is binary. */
        data: z.unknown().optional(),
      }),
    )
    .min(1),
  /** Default: all. */
  outputs: z
    .array(
      z.object({
        name: z.string(),
        /** `binary_data`: not in the document but after it; `classification`: so many likeliest classes as `BYTES`. */
        parameters: parametersSchema,
      }),
    )
    .optional(),
});
export type InferenceRequest = z.infer<typeof inferenceRequestSchema>;

export const inferenceAnswerSchema = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  outputs: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.int()),
      datatype: tensorTypeSchema,
      parameters: parametersSchema,
      data: z.array(z.union([z.string(), z.number()])).optional(),
    }),
  ),
});
export type InferenceAnswer = z.infer<typeof inferenceAnswerSchema>;

/** Every failure of the protocol's addresses. */
export const inferenceErrorSchema = z.object({ error: z.string() });
