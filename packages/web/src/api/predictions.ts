/** @file What the model reads from a photo. */
import { predictAnswerSchema, type PredictAnswer } from '@busana/contracts';
import { ask } from './client.ts';

export type Reading = PredictAnswer['predictions'][number] & { readonly milliseconds: number };

/** Every class of every attribute. @throws ApiError */
export async function readPhoto(photo: File): Promise<Reading> {
  const body = new FormData();
  body.append('photo', photo, photo.name);
  const answer = await ask(predictAnswerSchema, '/predict', { method: 'POST', query: { classes: 'all' }, body });
  return { ...answer.predictions[0]!, milliseconds: answer.timing.milliseconds };
}
