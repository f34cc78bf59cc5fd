import { z } from 'zod';

export const approaches = ['multi-output', 'separate', 'combined'] as const;
export const approachSchema = z.enum(approaches);
/**
 * How several attributes are learnt: one network with an output per attribute; one network per attribute; or one
 * network with a single output over all combinations of values (the study's three).
 */
export type Approach = z.infer<typeof approachSchema>;

export const optimizers = ['sgd', 'adam', 'adamw'] as const;
export const schedules = ['constant', 'cosine', 'onecycle'] as const;
export const classWeightings = ['none', 'balanced'] as const;
export const normalisationNames = ['zero-one', 'imagenet', 'tensorflow'] as const;
export type NormalisationName = (typeof normalisationNames)[number];
export const mixings = ['none', 'mixup', 'cutmix'] as const;
export const attentions = ['none', 'se', 'eca', 'cbam'] as const;

/** What computes, by the names of the runtime. What is not offered on a machine is refused by name. */
export const devices = ['cpu', 'webgpu', 'cuda'] as const;
export const deviceSchema = z.enum(devices);
export type Device = z.infer<typeof deviceSchema>;

const threadsMessage = 'a whole number from 1 to 1024, or 0 for every core';
/** Threads of the engine and of the decoder of photos; 0 uses every core. */
export const threadsSchema = z.int(threadsMessage).min(0, threadsMessage).max(1024, threadsMessage);

const settingsSchema = z.strictObject({
  /** Architecture, a name of `busana models`. */
  model: z.string().default('cnn'),
  approach: approachSchema.default('multi-output'),
  /** Side of the square input, in pixels. */
  imageSize: z.int().min(32).max(1024).default(224),
  /** Side of the input in validation and of the delivered model, in pixels; 0: as in training. */
  predictSize: z.union([z.literal(0), z.int().min(32).max(1024)]).default(0),
  /** Photos per optimizer step. */
  batch: z.int().min(2).max(1024).default(32),
  /** Photos per pass through the network, whose gradients are added up to those of a batch; 0 takes it whole. */
  microBatch: z.int().min(0).max(1024).default(0),
  /** Compute the inside of blocks again in the backward pass instead of keeping it: less memory, more time. */
  recompute: z.boolean().default(false),
  epochs: z.int().min(1).max(10_000).default(15),
  /** Peak learning rate. */
  lr: z.number().positive().max(10).default(0.003),
  optimizer: z.enum(optimizers).default('adamw'),
  schedule: z.enum(schedules).default('onecycle'),
  weightDecay: z.number().min(0).max(1).default(0.05),
  /** Share of the target's probability spread over all classes. */
  labelSmoothing: z.number().min(0).max(0.9).default(0),
  classWeights: z.enum(classWeightings).default('none'),
  /** Largest global norm of the gradient; 0 leaves it alone. */
  clip: z.number().min(0).default(0),
  /** Hidden layer between embedding and heads. */
  neck: z.enum(['none', 'shared', 'separate']).default('none'),
  /** Probability of dropping a unit before the heads. */
  dropout: z.number().min(0).max(0.9).default(0),
  /** `none`, `light`, `strong`, or the path of a policy file. */
  augment: z.string().default('light'),
  /** Blends pairs of photos and their labels, where that leaves the labels true. */
  mix: z.enum(mixings).default('none'),
  /** Probability of skipping the last residual block; earlier ones are skipped less. */
  stochasticDepth: z.number().min(0).max(0.9).default(0),
  /** Pretrained weights of the backbone, a file or a name of `busana weights list`; empty: random start. */
  weights: z.string().default(''),
  /** Train the heads alone, on embeddings of the backbone that are computed once. */
  freeze: z.boolean().default(false),
  /** First epochs over which the backbone is unfrozen, from the heads to the input; 0 trains all of it at once. */
  unfreeze: z.int().min(0).default(0),
  /** Factor of the learning rate from each stage of the backbone to the one before it; 1 trains all alike. */
  layerDecay: z.number().positive().max(1).default(1),
  /** Decay of the moving average of all parameters that is validated and delivered; 0 uses the last ones. */
  averaging: z.number().min(0).max(0.99999).default(0),
  /** Whether predictions average a photo and its mirror image: in validation and in the delivered model. */
  mirror: z.boolean().default(false),
  /** Attention inside residual blocks, where the architecture takes it. */
  attention: z.enum(attentions).default('none'),
  /** `auto`: what the architecture's weights expect. `zero-one` is the study's: to tensor, mean 0, deviation 1. */
  normalise: z.enum(['auto', ...normalisationNames]).default('auto'),
  /** Epochs without a better validation loss after which training stops; 0 never stops early. */
  patience: z.int().min(0).default(0),
  /** Cross-validation with so many folds; 0 validates on `val` instead. */
  folds: z.int().min(0).max(100).default(0),
  /** Share of the photos kept for validation; 0 trains on all of them. */
  val: z.number().min(0).max(0.9).default(0.2),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  threads: threadsSchema.default(0),
  device: deviceSchema.default('cpu'),
});

/**
 * Everything that decides the numbers of a training, apart from the data. Defaults are those of `busana train`; what
 * depends on how the training starts, and is not given, is filled in from {@link startingPoint}.
 */
export const trainingConfigSchema = z.preprocess(
  (given) => (isRecord(given) ? { ...startingPoint(given), ...given } : given),
  settingsSchema,
);
export type TrainingConfig = z.infer<typeof settingsSchema>;

/** Heads alone are cheap and want large steps; pretrained weights are lost in steps that suit random ones. */
function startingPoint({ freeze, weights }: Readonly<Record<string, unknown>>): Partial<TrainingConfig> {
  if (freeze === true) return { lr: 0.01, epochs: 40 };
  if (typeof weights === 'string' && weights !== '') return { lr: 0.001 };
  return {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
