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
export const normalisationNames = ['zero-one', 'imagenet'] as const;

/** Everything that decides the numbers of a training, apart from the data. Defaults are those of `busana train`. */
export const trainingConfigSchema = z.strictObject({
  /** Architecture, a name of `busana models`. */
  model: z.string().default('cnn'),
  approach: approachSchema.default('multi-output'),
  /** Side of the square input, in pixels. */
  imageSize: z.int().min(32).max(1024).default(224),
  /** Photos per optimizer step. */
  batch: z.int().min(2).max(1024).default(32),
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
  /** Probability of dropping a unit of the last hidden layer. */
  dropout: z.number().min(0).max(0.9).default(0),
  /** `none`, `light`, `strong`, or the path of a policy file. */
  augment: z.string().default('light'),
  /** `zero-one` is the study's: to tensor, mean 0, standard deviation 1. */
  normalise: z.enum(normalisationNames).default('zero-one'),
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
  /** Threads of the engine; 0 uses every core. */
  threads: z.int().min(0).max(1024).default(0),
});
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;
