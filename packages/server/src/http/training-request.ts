/** @file What a training is to be: as JSON, or as a form with a data set in a zip. */
import { BusanaError, trainingRequestSchema } from '@busana/contracts';
import { architectureNamed } from '@busana/vision';
import type { FastifyRequest } from 'fastify';
import { basename, isAbsolute } from 'node:path';
import { z } from 'zod';
import { LARGEST_ARCHIVE, type PhotoStore } from '../photos/store.ts';
import type { TrainingRow } from '../trainings/state.ts';
import { bareName, expectLength, formParts } from './forms.ts';

type TrainingRequest = z.infer<typeof trainingRequestSchema>;
type Settings = Omit<TrainingRequest, 'data'>;

/** Every field of a form is text. */
const formSchema = trainingRequestSchema.extend({ epochs: z.coerce.number().int().min(1).max(1000).optional() });

/**
 * The network that a training begins anew with; null: it goes on with that of a model.
 * @throws BusanaError CONFIG_INVALID for one that there is not; USAGE for what makes no sense together
 */
export function architectureOf({ architecture, approach, model }: Settings): string | null {
  if (architecture === undefined) return null;
  const { name } = architectureNamed(architecture);
  if (model !== undefined) throw new BusanaError('USAGE', 'a training starts from a model or from an architecture, not from both', { remedy: 'Leave out one of them.' }); // prettier-ignore
  if (approach !== 'heads') return name;
  throw new BusanaError('USAGE', `${name} begins with random weights: learning its outputs alone teaches it nothing`, {
    remedy: 'Choose the approach fine-tuning, or start from a model.',
  });
}

/** @throws BusanaError USAGE for a folder that is not named from the root */
export function fromJson({ data, ...settings }: TrainingRequest): { settings: Settings; data: TrainingRow['data'] } {
  if (data === 'catalogue') return { settings, data: null };
  const { folder } = data;
  if (!isAbsolute(folder)) throw new BusanaError('USAGE', `${folder} is not the full path of a folder`, { remedy: 'Give it from the root of the disk.' }); // prettier-ignore
  return { settings, data: { name: basename(folder), path: folder } };
}

/** The zip stays in the storage until its photos have been read. @throws BusanaError USAGE, UPLOAD_TOO_LARGE */
export async function fromForm(
  store: PhotoStore,
  request: FastifyRequest,
): Promise<{ settings: Settings; data: NonNullable<TrainingRow['data']> }> {
  expectLength(request, LARGEST_ARCHIVE);
  const fields: Record<string, unknown> = {};
  let data: TrainingRow['data'] = null;
  try {
    for await (const part of formParts(request, 1)) {
      if (part.type === 'field') fields[part.fieldname] = part.value;
      else {
        const name = bareName(part) || 'data.zip';
        const limit = { name, bytes: LARGEST_ARCHIVE };
        data = { name, path: (await store.receiveArchive(part.file, limit, 'trainings/archives')).key };
      }
    }
    const settings = formSchema.omit({ data: true }).safeParse(fields);
    if (!settings.success) throw new BusanaError('USAGE', z.prettifyError(settings.error), { remedy: 'Correct the fields of the form.' }); // prettier-ignore
    if (data === null) throw new BusanaError('USAGE', 'there is no data set in the form', { remedy: 'Send a zip laid out as --data takes it.' }); // prettier-ignore
    return { settings: settings.data, data };
  } catch (error) {
    if (data !== null) await store.removeArchive(data.path);
    throw error;
  }
}
