/** @file Finished jobs of a run on disk, so that a resumed run does not train them again. */
import { BusanaError } from '@busana/contracts';
import { floats, type Tensor } from '@busana/engine';
import { z } from 'zod';
import { decodeSafetensors, encodeSafetensors } from '../weights/safetensors.ts';
import type { JobResult } from './job.ts';
import { epochRowSchema } from './results.ts';
import type { RunFolder } from './run-folder.ts';

const rowsSchema = z.array(epochRowSchema);

/** Writes a job's rows, held-back logits and kept parameters. */
export async function saveJob(folder: RunFolder, file: string, result: JobResult): Promise<void> {
  const tensors = new Map<string, Tensor>();
  result.logits.forEach((values, head) => tensors.set(`logits/${head}`, floats([values.length], values)));
  for (const [network, parameters] of result.parameters) {
    for (const [name, content] of parameters) tensors.set(`parameters/${network}/${name}`, content);
  }
  await folder.write(
    file,
    encodeSafetensors(tensors, {
      'busana.rows': JSON.stringify(result.rows),
      'busana.milliseconds_per_image': String(result.millisecondsPerImage),
    }),
  );
}

/** A finished job, or undefined when there is none. @throws BusanaError RESUME_IMPOSSIBLE */
export async function loadJob(folder: RunFolder, file: string): Promise<JobResult | undefined> {
  const bytes = await folder.read(file);
  if (bytes === undefined) return undefined;
  const { tensors, metadata } = decodeSafetensors(bytes, folder.file(file));
  const rows = rowsSchema.safeParse(JSON.parse(metadata['busana.rows'] ?? 'null'));
  if (!rows.success) {
    throw new BusanaError('RESUME_IMPOSSIBLE', `${folder.file(file)} is not a finished job`, { cause: rows.error });
  }
  const logits: Float32Array[] = [];
  const parameters = new Map<string, Map<string, Tensor>>();
  for (const [path, content] of tensors) {
    const [kind, network = '', ...rest] = path.split('/');
    if (kind === 'logits') logits[Number(network)] = Float32Array.from(content.data as Float32Array);
    else networkOf(parameters, network).set(rest.join('/'), content);
  }
  return {
    rows: rows.data,
    logits,
    parameters,
    millisecondsPerImage: Number(metadata['busana.milliseconds_per_image']),
  };
}

function networkOf(parameters: Map<string, Map<string, Tensor>>, name: string): Map<string, Tensor> {
  const known = parameters.get(name) ?? new Map<string, Tensor>();
  parameters.set(name, known);
  return known;
}
