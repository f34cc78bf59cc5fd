import type { Reason, Taxonomy } from '@busana/contracts';
import { reasonText, type Answer } from '@busana/vision';
import { contradictionOf } from '../catalogue/contradiction.ts';
import type { ProductFields } from '../database/schema/imports.ts';

/** What a seller's title contradicts is for a person to look at, however sure the model is. */
export function heedTitle(answer: Answer, { title = '' }: ProductFields, taxonomy: Taxonomy): Answer {
  const { prediction } = answer;
  const labels = Object.fromEntries(prediction.attributes.map(({ name, code }) => [name, code]));
  const found = contradictionOf(title, labels, taxonomy);
  if (found === null) return answer;
  const { attribute, said, label: value } = found;
  const doubt: Reason = { code: 'title-contradicts', attribute, value, said };
  const reasons = [...answer.reasons, reasonText(doubt, taxonomy)];
  const status = prediction.status === 'accept' ? 'review' : prediction.status;
  const heeded = { ...prediction, status, reason: reasons.join('; ') };
  return { ...answer, prediction: heeded, reasons, doubts: [...answer.doubts, doubt] };
}
