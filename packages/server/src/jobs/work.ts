/** @file What jobs are: few words in the database, from which whoever takes one knows what to do. */
import { z } from 'zod';

const positions = z.array(z.int());

export const workSchema = z.discriminatedUnion('kind', [
  /** Photos of an import come into the store. */
  z.object({ kind: z.literal('receive'), import: z.int(), positions }),
  /** Photos of an import that are in the store: the model is asked, and they become products. */
  z.object({ kind: z.literal('predict'), import: z.int(), positions }),
  /** Photos whose hash begins with a digit, behind one of them, that a model was not asked about. */
  z.object({ kind: z.literal('anew'), model: z.string(), digit: z.string(), after: z.string() }),
  z.object({ kind: z.literal('train'), training: z.int() }),
  z.object({ kind: z.literal('analyze'), analysis: z.int() }),
]);
export type Work = z.infer<typeof workSchema>;
export type WorkOf<Kind extends Work['kind']> = Extract<Work, { kind: Kind }>;

/** A job that somebody has taken. */
export interface Job {
  readonly id: string;
  readonly queue: string;
  readonly priority: number;
  /** As it stands in the database; {@link workSchema} reads it. */
  readonly data: unknown;
  /** How often it has been tried before. */
  readonly tried: number;
  /** What has led to it, for those who trace. */
  readonly trace: Readonly<Record<string, string>>;
}

/** A job that is to be done. */
export interface NewJob {
  readonly queue: string;
  readonly work: Work;
  /** The highest goes first; default 0. */
  readonly priority?: number;
}
