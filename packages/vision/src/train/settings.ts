import { BusanaError, type TrainingConfig } from '@busana/contracts';
import { backboneSpecs } from '../models/describe.ts';

/** Refuses settings that contradict each other, before any photo is read. @throws BusanaError CONFIG_INVALID */
export function expectConsistent(config: TrainingConfig): void {
  const { batch, microBatch, mix, freeze, mirror, model } = config;
  if (microBatch > 0 && microBatch < batch && batch % microBatch !== 0) {
    throw new BusanaError('CONFIG_INVALID', `microBatch ${microBatch} does not divide batch ${batch}`, {
      remedy: `Use a divisor, e.g. --micro-batch ${largestDivisor(batch, microBatch)}, or another --batch.`,
    });
  }
  if (microBatch === 1 && normalisesBatches(config)) {
    throw new BusanaError(
      'CONFIG_INVALID',
      `microBatch 1 gives the batch norm of ${model} one photo to normalise over`,
      {
        remedy: 'Use --micro-batch 2 or more; statistics are those of a pass, so more is better.',
      },
    );
  }
  if (freeze && mirror) {
    throw new BusanaError('CONFIG_INVALID', 'mirror needs photos, and freeze validates on embeddings', {
      remedy: 'Leave out either --mirror or --freeze; predict and evaluate take --tta for any model.',
    });
  }
  if (freeze && mix !== 'none') {
    // Embeddings are computed once, of photos as they are; a mixed photo is another one in every epoch.
    throw new BusanaError('CONFIG_INVALID', `mix ${mix} needs the backbone in every step, which freeze leaves out`, {
      remedy: 'Leave out either --mix or --freeze.',
    });
  }
}

function normalisesBatches(config: TrainingConfig): boolean {
  if (config.neck !== 'none') return true;
  return !config.freeze && backboneSpecs(config).some(({ name }) => name.endsWith('.running_var'));
}

function largestDivisor(number: number, largest: number): number {
  let divisor = largest;
  while (number % divisor !== 0) divisor -= 1;
  return divisor;
}
