import type { Taxonomy } from '@busana/contracts';
import type { Answer } from '@busana/vision';
import { contradictionOf, describeContradiction } from '../catalogue/contradiction.ts';
import type { ProductFields } from '../database/schema/imports.ts';

/** What a seller's title contradicts is for a person to look at, however sure the model is. */
export function heedTitle(answer: Answer, { title = '' }: ProductFields, taxonomy: Taxonomy): Answer {
  const { prediction, reasons } = answer;
  const labels = Object.fromEntries(prediction.attributes.map(({ name, code }) => [name, code]));
  const found = contradictionOf(title, labels, taxonomy);
  if (found === null) return answer;
  const all = [...reasons, describeContradiction(found, taxonomy)];
  const status = prediction.status === 'accept' ? 'review' : prediction.status;
  return { ...answer, prediction: { ...prediction, status, reason: all.join('; ') }, reasons: all };
}
