import type { TrainingConfig } from '@busana/contracts';

/** How an epoch is cut. */
export interface Passes {
  /** Photos per optimizer step. */
  readonly batch: number;
  /** Photos per pass through the network. */
  readonly rows: number;
  readonly passesPerStep: number;
  readonly stepsPerEpoch: number;
}

/**
 * Fewer photos than a batch make a smaller one, of whole passes.
 * @param config whose `microBatch` divides `batch` when it is smaller
 * @param photos to learn from, per epoch
 */
export function planPasses({ batch: wanted, microBatch }: TrainingConfig, photos: number): Passes {
  const smaller = microBatch > 0 && microBatch < Math.min(wanted, photos);
  const batch = smaller ? Math.min(wanted, Math.ceil(photos / microBatch) * microBatch) : Math.min(wanted, photos);
  const rows = smaller ? microBatch : batch;
  return { batch, rows, passesPerStep: batch / rows, stepsPerEpoch: Math.ceil(photos / batch) };
}
