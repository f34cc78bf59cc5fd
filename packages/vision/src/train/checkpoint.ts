import { BusanaError } from '@busana/contracts';
import type { Tensor, TensorMap } from '@busana/engine';
import { z } from 'zod';
import { decodeSafetensors, encodeSafetensors } from '../weights/safetensors.ts';
import { epochRowSchema } from './results.ts';

/** What a checkpoint knows besides tensors. Random state is not in it: streams are named by seed, epoch and photo. */
const progressSchema = z.object({
  epoch: z.int().min(0),
  rows: z.array(epochRowSchema),
  best: z.object({ epoch: z.int(), loss: z.number() }).optional(),
});
export type Progress = z.infer<typeof progressSchema>;

export interface Checkpoint {
  readonly progress: Progress;
  /** State of each network, by the network's name. */
  readonly states: ReadonlyMap<string, TensorMap>;
}

/** Tensors of all networks in one safetensors file, names prefixed with `<network>/`. */
export function encodeCheckpoint({ progress, states }: Checkpoint): Uint8Array {
  const tensors = new Map<string, Tensor>();
  for (const [network, state] of states) {
    for (const [name, content] of state) tensors.set(`${network}/${name}`, content);
  }
  return encodeSafetensors(tensors, { 'busana.progress': JSON.stringify(progress) });
}

/** @throws BusanaError RESUME_IMPOSSIBLE, WEIGHTS_INVALID */
export function decodeCheckpoint(bytes: Uint8Array, file: string): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const progress = progressSchema.safeParse(JSON.parse(metadata['busana.progress'] ?? 'null'));
  if (!progress.success) {
    throw new BusanaError('RESUME_IMPOSSIBLE', `${file} does not say how far the training came`, {
      cause: progress.error,
    });
  }
  const states = new Map<string, Map<string, Tensor>>();
  for (const [name, content] of tensors) {
    const slash = name.indexOf('/');
    const network = name.slice(0, slash);
    if (!states.has(network)) states.set(network, new Map());
    states.get(network)?.set(name.slice(slash + 1), content);
  }
  return { progress: progress.data, states };
}
