import type { Network, Tensor, TensorMap, Value } from '@busana/engine';
import type { Mix } from '../batches/mix.ts';
import type { Head } from './approach.ts';

export interface EpochOrder {
  /** Positions in the store, in the order they are wanted. */
  readonly order: readonly number[];
  readonly batchSize: number;
  readonly seed: number;
  /** Distinguishes fits within a run. */
  readonly stream: string;
  readonly epoch: number;
}

export interface InputBatch {
  /** What the network is fed; valid until the next batch is asked for. */
  readonly input: Tensor;
  readonly indices: readonly number[];
  /** How the photos were mixed, which their targets are to be too; with the setting `mix` in every batch. */
  readonly mix?: Mix;
}

/**
 * What a fit is trained on: pictures that go through the whole network, or embeddings of a frozen backbone that go
 * through the heads alone. Photos are named by their position in the store.
 */
export interface TrainingInputs {
  /** Appends the network from its input, called `input`, to the logits of each head. */
  readonly build: (network: Network, heads: readonly Head[], batch: number | 'N') => readonly Value[];
  /** An epoch, augmented. @throws BusanaError INTERNAL */
  readonly batches: (order: EpochOrder) => AsyncIterable<InputBatch>;
  /** Photos as they are; valid until the next are read. */
  readonly read: (indices: readonly number[]) => Promise<Tensor>;
  /** Start values of parameters, by name; the others start at random. */
  readonly initial: TensorMap;
  /** Factor of the learning rate of a parameter, by name. */
  readonly learningRateFactor: (parameter: string) => number;
  /** Position of a parameter's stage, 0 at the input of the network; the heads come last. */
  readonly stageOf: (parameter: string) => number;
  /** Stages, from the input, that an epoch (1 is the first) leaves as they are. */
  readonly frozenStages: (epoch: number) => number;
  /** Parameters of the delivered model that the trained network lacks: those of a frozen backbone. */
  readonly fixed: TensorMap;
  /** Closes files of its own; not the stores. */
  readonly release: () => Promise<void>;
}
