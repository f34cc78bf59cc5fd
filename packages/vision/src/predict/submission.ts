/** @file The competition's form: the sample's columns, ids and order, codes as in the training file. */
import { BusanaError, type Prediction, type Taxonomy } from '@busana/contracts';
import type { Photo } from '../data/dataset.ts';
import { readSubmissionSample } from '../data/submission.ts';
import { csvLine } from './output.ts';

/**
 * @param classify predictions of photos, in their order
 * @throws BusanaError USAGE without a sample; DATA_INVALID when an id has no photo, or several, or its photo cannot be
 * read
 */
export async function submissionLines(
  sample: string | undefined,
  photos: Iterable<Photo> | AsyncIterable<Photo>,
  taxonomy: Taxonomy,
  classify: (photos: readonly Photo[]) => Iterable<readonly Prediction[]> | AsyncIterable<readonly Prediction[]>,
): Promise<string[]> {
  if (sample === undefined) {
    throw new BusanaError('USAGE', 'a submission needs --sample, the file whose form it takes');
  }
  const { idColumn, attributes, ids } = await readSubmissionSample(sample);
  const unknown = attributes.filter((name) => !taxonomy.attributes.some((attribute) => attribute.name === name));
  if (unknown.length > 0) {
    throw new BusanaError('DATA_INVALID', `${sample} asks for ${unknown.join(', ')}, which the model does not read`);
  }
  const byId = await photosById(photos, ids);
  const problems = ids.flatMap((id, index) => {
    const count = byId.get(id)?.length ?? 0;
    const message = count === 0 ? `there is no photo for '${id}'` : `${count} photos are called '${id}'`;
    return count === 1 ? [] : [{ file: sample, row: index + 2, message }];
  });
  if (problems.length > 0)
    throw new BusanaError('DATA_INVALID', `${problems.length} ids have no photo of their own`, { problems });
  const lines = [csvLine([idColumn, ...attributes])];
  for await (const batch of classify(ids.map((id) => byId.get(id)![0]!))) {
    for (const { image, status, reason, attributes: found } of batch) {
      if (status === 'error') throw new BusanaError('DATA_INVALID', `the photo ${image} cannot be read: ${reason}`);
      const codes = attributes.map((name) => found.find((attribute) => attribute.name === name)!.code);
      lines.push(csvLine([ids[lines.length - 1]!, ...codes]));
    }
  }
  return lines;
}

/** Of the ids that are asked for. */
async function photosById(
  photos: Iterable<Photo> | AsyncIterable<Photo>,
  ids: readonly string[],
): Promise<Map<string, Photo[]>> {
  const byId = new Map(ids.map((id) => [id, new Array<Photo>()]));
  for await (const photo of photos) byId.get(photo.id)?.push(photo);
  return byId;
}
