/**
 * @file Optimizers as chains of gradient transforms, the idea of optax (Babuschkin et al. 2020, "The DeepMind JAX
 * ecosystem"): each transform takes the update of every parameter, at first its gradient, and changes it; what the last
 * one leaves is subtracted from the parameter. A chain works on a piece of a parameter at a time, so that all of it is
 * one pass over memory.
 */
import type { Kernels } from './kernels.ts';

/** A parameter, or a piece of one; all vectors have one length. */
export interface Part {
  readonly name: string;
  /** Whether weight decay acts on the parameter. */
  readonly decay: boolean;
  readonly parameter: Float32Array;
  /** The gradient, and what the transforms before have made of it; changed in place. */
  readonly update: Float32Array;
  /** What the transform remembers from step to step, in the shape of the parameter: zeros before the first. */
  readonly slots: Readonly<Record<string, Float32Array>>;
}

/** What a transform sees of a step, once, before it changes the first part. */
export interface StepContext {
  readonly kernels: Kernels;
  readonly learningRate: number;
  /** 1 at the first step. */
  readonly step: number;
  /** The updates of all parameters. Those before this transform have changed them if it `seesAll`, otherwise perhaps. */
  readonly updates: readonly Float32Array[];
}

export interface Transform {
  /** Names of the vectors kept per parameter. */
  readonly slots: readonly string[];
  /** Whether it has to know all updates before it changes one: then what comes before is a pass of its own. */
  readonly seesAll?: boolean;
  /** @returns what is done to each part of this step */
  readonly begin: (context: StepContext) => (part: Part) => void;
}

/** Transforms in the order they are applied. */
export type Optimizer = readonly Transform[];

/** A transform without memory that treats each part by itself. */
export function stateless(change: (part: Part, context: StepContext) => void): Transform {
  return { slots: [], begin: (context) => (part) => change(part, context) };
}
