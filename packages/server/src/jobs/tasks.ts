/** @file What is done in a process of its own, and what the two tell each other. */
import { analysisSteps, metricsSchema, modelComparisonSchema, taxonomySchema, trainingEpochSchema } from '@busana/contracts'; // prettier-ignore
import { z } from 'zod';

/** A photo whose labels people have confirmed. */
export const labelledPhotoSchema = z.object({
  hash: z.string(),
  /** Where it lies. */
  path: z.string(),
  format: z.string(),
  product: z.int(),
  /** Code per attribute; one that nobody has confirmed is not there. */
  labels: z.record(z.string(), z.string()),
});
export type ConfirmedPhoto = z.infer<typeof labelledPhotoSchema>;
/** The same as the database knows it, wherever its file is. */
export type KnownPhoto = Omit<ConfirmedPhoto, 'path'>;

const group = z.object({ kind: z.literal('group'), photos: z.array(labelledPhotoSchema), cache: z.string() });
const unpack = z.object({
  kind: z.literal('unpack'),
  /** Folder or zip, as `--data` takes it. */
  source: z.string(),
  taxonomy: taxonomySchema,
  /** Where photos of a zip are put. */
  folder: z.string(),
  cache: z.string(),
});
const learn = z.object({
  kind: z.literal('learn'),
  /** Of the training, where all it makes is kept. */
  folder: z.string(),
  cache: z.string(),
  name: z.string(),
  /** The model that it starts from and is compared with. */
  base: z.string(),
  approach: z.enum(['heads', 'fine-tuning']),
  /** Of a network that begins with random weights; null: that of the base. */
  architecture: z.string().nullable(),
  epochs: z.int(),
  threads: z.int(),
  /** Folder of checkpoints that another machine has left, which are further than what is here. */
  checkpoints: z.string().optional(),
  train: z.array(labelledPhotoSchema),
  evaluation: z.array(labelledPhotoSchema),
});
const analyze = z.object({
  kind: z.literal('analyze'),
  photos: z.array(labelledPhotoSchema),
  taxonomy: taxonomySchema,
  /** The model whose embeddings tell photos apart. */
  model: z.string(),
  cache: z.string(),
  threads: z.int(),
});
const draw = z.object({ kind: z.literal('draw'), folder: z.string(), count: z.int(), seed: z.int() });
export const taskSchema = z.discriminatedUnion('kind', [group, unpack, learn, analyze, draw]);
export type Task = z.infer<typeof taskSchema>;
export type LearnTask = z.infer<typeof learn>;
export type UnpackTask = z.infer<typeof unpack>;
export type AnalyzeTask = z.infer<typeof analyze>;

export const unpackedSchema = z.array(labelledPhotoSchema);
export const groupedSchema = z.object({ groupOf: z.array(z.int()) });
export const learntSchema = z.object({
  /** Path of the model file. */
  model: z.string(),
  history: z.array(trainingEpochSchema),
  metrics: metricsSchema.nullable(),
  comparison: modelComparisonSchema.omit({ old: true }),
});
export type Learnt = z.infer<typeof learntSchema>;

/** What a process tells on its way, and at its end. */
export const newsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), line: z.string() }),
  z.object({ kind: z.literal('epoch'), epoch: trainingEpochSchema, secondsLeft: z.number() }),
  z.object({ kind: z.literal('step'), step: z.enum(analysisSteps), done: z.int(), total: z.int() }),
  z.object({ kind: z.literal('done'), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string(), remedy: z.string() }),
]);
export type News = z.infer<typeof newsSchema>;
export type Tell = (news: Extract<News, { kind: 'line' | 'epoch' | 'step' }>) => void;
