/** @file The model that is explained, as methods see it: named outputs, and answers to pictures. */
import type { Attribute } from '@busana/contracts';

/** Values by the names of outputs, and of what is watched: float32, row-major, the batch first. */
export type Answer = Readonly<Record<string, Float32Array>>;

export interface Subject {
  readonly name: string;
  /** Side of the square pictures it is asked with, in pixels. */
  readonly size: number;
  /** Its outputs, with their classes. */
  readonly attributes: readonly Attribute[];
  /** Whether each output holds probabilities that add up to 1. */
  readonly probabilities: boolean;
  /** @param pictures uint8 `[count, size, size, 3]` */
  readonly answer: (pictures: Uint8Array, count: number) => Promise<Answer>;
  readonly release: () => Promise<void>;
}
