/** @file The competition's form: the sample's columns, ids and order, codes as in the training file. */
import { BusanaError, type Prediction, type Taxonomy } from '@busana/contracts';
import type { Photo } from '../data/dataset.ts';
import { readSubmissionSample } from '../data/submission.ts';
import { csvLine } from './output.ts';

/**
 * @param classify predictions of photos, in their order
 * @throws BusanaError DATA_INVALID when an id has no photo, or several, or its photo cannot be read
 */
export async function* submissionLines(
  sample: string,
  photos: readonly Photo[],
  taxonomy: Taxonomy,
  classify: (photos: readonly Photo[]) => AsyncIterable<Prediction>,
): AsyncGenerator<string> {
  const { idColumn, attributes, ids } = await readSubmissionSample(sample);
  const unknown = attributes.filter((name) => !taxonomy.attributes.some((attribute) => attribute.name === name));
  if (unknown.length > 0) {
    throw new BusanaError('DATA_INVALID', `${sample} asks for ${unknown.join(', ')}, which the model does not read`);
  }
  const byId = new Map<string, Photo[]>();
  for (const photo of photos) byId.set(photo.id, [...(byId.get(photo.id) ?? []), photo]);
  const problems = ids.flatMap((id, index) => {
    const count = byId.get(id)?.length ?? 0;
    const message = count === 0 ? `there is no photo for '${id}'` : `${count} photos are called '${id}'`;
    return count === 1 ? [] : [{ file: sample, row: index + 2, message }];
  });
  if (problems.length > 0)
    throw new BusanaError('DATA_INVALID', `${problems.length} ids have no photo of their own`, { problems });
  yield csvLine([idColumn, ...attributes]);
  let row = 0;
  for await (const prediction of classify(ids.map((id) => byId.get(id)![0]!))) {
    if (prediction.status === 'error') {
      throw new BusanaError('DATA_INVALID', `the photo ${prediction.image} cannot be read: ${prediction.reason}`);
    }
    const codes = attributes.map((name) => prediction.attributes.find((attribute) => attribute.name === name)!.code);
    yield csvLine([ids[row]!, ...codes]);
    row += 1;
  }
}
