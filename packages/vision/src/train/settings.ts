import { BusanaError, type TrainingConfig } from '@busana/contracts';
import type { ParameterSpec } from '@busana/engine';
import { whenPredicting } from '../models/classifier.ts';
import { backboneSpecs } from '../models/describe.ts';

/** Refuses settings that contradict each other, before any photo is read. @throws BusanaError CONFIG_INVALID */
export function expectConsistent(config: TrainingConfig): void {
  const { batch, microBatch, recompute, mix, freeze, mirror, model, predictSize, device } = config;
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
  if (freeze && recompute) {
    throw new BusanaError('CONFIG_INVALID', 'recompute is about the backbone, which freeze leaves out of training', {
      remedy: 'Leave out either --recompute or --freeze.',
    });
  }
  if (freeze && mirror) {
    throw new BusanaError('CONFIG_INVALID', 'mirror needs photos, and freeze validates on embeddings', {
      remedy: 'Leave out either --mirror or --freeze; predict and evaluate take --tta for any model.',
    });
  }
  if (device !== 'cpu' && freeze) {
    throw new BusanaError('CONFIG_INVALID', `device ${device} is for whole networks: embeddings are the processor's`, {
      remedy: 'Leave out either --device or --freeze.',
    });
  }
  if (predictSize !== 0 && freeze) {
    throw new BusanaError('CONFIG_INVALID', 'predictSize needs photos, and freeze validates on embeddings', {
      remedy: 'Leave out either --predict-size or --freeze.',
    });
  }
  if (predictSize !== 0 && !sameParameters(backboneSpecs(config), backboneSpecs(whenPredicting(config)))) {
    throw new BusanaError('CONFIG_INVALID', `the parameters of ${model} belong to one size of input`, {
      remedy: 'Leave --predict-size out, or choose a network that pools over its whole map, e.g. efficientnet_lite0.',
    });
  }
  if (freeze && mix !== 'none') {
    // Embeddings are computed once, of photos as they are; a mixed photo is another one in every epoch.
    throw new BusanaError('CONFIG_INVALID', `mix ${mix} needs the backbone in every step, which freeze leaves out`, {
      remedy: 'Leave out either --mix or --freeze.',
    });
  }
}

function sameParameters(some: readonly ParameterSpec[], others: readonly ParameterSpec[]): boolean {
  return some.every(({ shape }, index) => shape.join() === others[index]!.shape.join());
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
