/** @file What a training is to be: as JSON, or as a form with a data set in a zip. */
import { BusanaError, trainingRequestSchema } from '@busana/contracts';
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
