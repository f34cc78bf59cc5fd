/** @file The loop of a shop over HTTP: review, trainings, models, explanations, the demo catalogue. */
import { z } from 'zod';
import { productSchema } from './catalogue.ts';
import { explanationMethodSchema } from './explanation.ts';
import { reasonSchema } from './reason.ts';
import { bootstrapIntervalSchema, metricsSchema, proportionSchema } from './metrics.ts';

const time = z.iso.datetime({ offset: true });

/** Who says something; without a login whoever it is writes a name, or none. */
export const whoSchema = z.string().trim().min(1).max(80);

export const reviewOrders = ['doubt', 'labels', 'second'] as const;

export const reviewPageSchema = z.object({
  items: z.array(
    z.object({
      product: productSchema,
      /** Content hash of its first photo. */
      photo: z.string().nullable(),
      attributes: z.array(
        z.object({
          name: z.string(),
          /** What counts now, of the model or a person; null where nobody has said. */
          code: z.string().nullable(),
          label: z.string().nullable(),
          /** Of that code by the model, 0..1; null where it was not asked. */
          probability: z.number().nullable(),
          /** Probability of every code by the model; empty where it was not asked. */
          classes: z.record(z.string(), z.number()),
        }),
      ),
      /** Probability that all labels of the model are right, 0..1. */
      joint_confidence: z.number().nullable(),
      /** Why a person should look, in words. */
      reasons: z.array(z.string()),
      /** The same for programs; empty where they are not known of. */
      doubts: z.array(reasonSchema),
      /**
       * A person's label that the model contradicts: (its probability - the largest other + 1) / 2, below 1/2 where
       * another label is likelier (Northcutt, Jiang and Chuang 2021, arXiv:1911.00068, "normalised margin").
       */
      label_issue: z
        .object({ attribute: z.string(), given: z.string(), suggested: z.string(), margin: z.number() })
        .nullable(),
    }),
  ),
  /** Value of `cursor` for the next page; null on the last. */
  next: z.string().nullable(),
  /** Products that a person has judged, and that wait for one. */
  progress: z.object({ reviewed: z.int(), waiting: z.int() }),
});
export type ReviewPage = z.infer<typeof reviewPageSchema>;

/** How far two people who judged the same products agree. */
export const agreementSchema = z.object({
  pairs: z.array(
    z.object({
      reviewers: z.tuple([z.string(), z.string()]),
      attributes: z.array(
        z.object({
          name: z.string(),
          products: z.int(),
          /** Share of the products on which both say the same. */
          agreement: z.number(),
          /** Cohen 1960: agreement beyond chance, -1..1; null where both always say one and the same thing. */
          kappa: z.number().nullable(),
        }),
      ),
    }),
  ),
});
export type Agreement = z.infer<typeof agreementSchema>;

export const confirmationSchema = z.object({ who: whoSchema.optional() });

/** The same labels for many products. */
export const bulkEditSchema = z.object({
  ids: z.array(z.int().positive()).min(1).max(1000),
  attributes: z
    .record(z.string(), z.string().nullable())
    .refine((attributes) => Object.keys(attributes).length > 0, 'at least one attribute'),
  who: whoSchema.optional(),
});
/** What was changed at once, and the name by which it is taken back at once. */
export const batchSchema = z.object({ batch: z.string(), products: z.int() });
export const undoBatchSchema = z.object({ batch: z.uuid(), who: whoSchema.optional() });

export const trainingRequestSchema = z.object({
  name: z.string().trim().min(1).max(80).optional(),
  /** What people have confirmed in the catalogue, or a folder of the server; forms bring a zip laid out as `--data` takes. */
  data: z.union([z.literal('catalogue'), z.object({ folder: z.string().min(1) })]).default('catalogue'),
  /** `heads`: the network stays as it is and only its last layer is learnt anew; `fine-tuning`: all of it. */
  approach: z.enum(['heads', 'fine-tuning']).default('heads'),
  /** Id of the model to start from and to compare with; default: the active one. */
  model: z.string().optional(),
  /**
   * An architecture of `busana models` to start from instead, with random weights: only as `fine-tuning`, since outputs
   * alone learn nothing on a network that knows nothing. It is compared with the active model.
   */
  architecture: z.string().optional(),
  epochs: z.int().min(1).max(1000).optional(),
});

/** Figures of one epoch; `<attribute>_accuracy` besides. */
export const trainingEpochSchema = z
  .object({
    epoch: z.int(),
    train_loss: z.number(),
    val_loss: z.number().nullable(),
    emr: z.number().nullable(),
  })
  .catchall(z.number().nullable());
export type TrainingEpoch = z.infer<typeof trainingEpochSchema>;

export const trainingSchema = z.object({
  id: z.int(),
  name: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** Why it failed, when it did. */
  reason: z.string(),
  approach: z.enum(['heads', 'fine-tuning']),
  /** `catalogue`, or the name of the data set. */
  data: z.string(),
  /** Epochs it is to have, and those it has. */
  epochs: z.int(),
  history: z.array(trainingEpochSchema),
  /** The last lines of its log. */
  log: z.array(z.object({ at: time, line: z.string() })),
  /** Null before the first epoch, and at the end. */
  seconds_left: z.number().nullable(),
  /** Photos to learn from, and frozen ones to compare on; null before they are chosen. */
  photos: z.object({ train: z.int().nullable(), evaluation: z.int().nullable() }),
  /** Of its network where that began with random weights; null where it is the network of the model it started from. */
  architecture: z.string().nullable(),
  /** Id of the model it started from, or is compared with alone, and of the one that came out of it. */
  base: z.string(),
  model: z.string().nullable(),
  created_at: time,
  finished_at: time.nullable(),
});
export type Training = z.infer<typeof trainingSchema>;
export const trainingListSchema = z.object({ trainings: z.array(trainingSchema) });

/** Two models on the same photos, which neither training has seen. */
export const modelComparisonSchema = z.object({
  /** Id of the model it was compared with. */
  old: z.string(),
  old_emr: proportionSchema,
  new_emr: proportionSchema,
  photos: z.int(),
  /** EMR of the new one less that of the old, with its paired bootstrap interval at 95 %. */
  difference: bootstrapIntervalSchema.extend({ value: z.number() }),
  /** Photos that only the one, or only the other, got right, and the exact McNemar test of them. */
  only_new_right: z.int(),
  only_old_right: z.int(),
  p_value: z.number(),
  verdict: z.enum(['better', 'not worse', 'worse', 'not measured']),
  /** Whether activation is proposed: never for a model that is worse, or that nothing was measured of. */
  proposed: z.boolean(),
  sentence: z.string(),
});
export type ModelComparison = z.infer<typeof modelComparisonSchema>;

export const modelSchema = z.object({
  /** The same as its hash. */
  id: z.string(),
  name: z.string(),
  /** SHA-256 of the file, in hexadecimal. */
  hash: z.string(),
  active: z.boolean(),
  created_at: time,
  /** `shipped`, or the id of the training it comes from. */
  origin: z.union([z.literal('shipped'), z.int()]),
  /** On the frozen photos of the catalogue. */
  metrics: metricsSchema.nullable(),
  comparison: modelComparisonSchema.nullable(),
  /** Why it cannot be used, e.g. a file that is damaged; null where nothing is known against it. */
  problem: z.string().nullable(),
});
export const modelListSchema = z.object({
  models: z.array(modelSchema),
  /** Id of the model that answers: the active one, or another as long as that one cannot be used. */
  answering: z.string(),
  /** Id of the model that a rollback would bring back; null where there is none. */
  previous: z.string().nullable(),
});

/** Networks that a training can begin anew with, as `busana models` lists them. */
export const architectureListSchema = z.object({
  architectures: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      /** Without outputs. */
      parameters: z.int(),
      /** Multiply-accumulate operations per photo at the usual size of its input. */
      macs: z.number(),
    }),
  ),
});
export const activationSchema = z.object({ who: whoSchema.optional() });

/** An explanation of a product's first photo; forms bring a photo of their own. */
export const explanationRequestSchema = z.object({
  product: z.int().positive(),
  method: explanationMethodSchema.default('gradcam'),
  attribute: z.string().optional(),
});

export const explanationAnswerSchema = z.object({
  method: explanationMethodSchema,
  attributes: z.array(
    z.object({
      name: z.string(),
      code: z.string(),
      label: z.string(),
      /** The photo in grey with the values over it: a `data:` address of a PNG. */
      overlay: z.string(),
      /** Of what speaks for or against the label, the share on the garment, 0..1; null where none could be told. */
      share_on_garment: z.number().nullable(),
      /** What a person should know before trusting the label. */
      warnings: z.array(z.string()),
      /** The same for programs. */
      doubts: z.array(reasonSchema),
    }),
  ),
});

export const demoStateSchema = z.object({
  /** Whether drawn photos are in the catalogue, and how many products they have made. */
  loaded: z.boolean(),
  products: z.int(),
});
