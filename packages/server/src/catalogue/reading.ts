import type { Answer } from '@busana/vision';
import type { NewProduct } from './add.ts';

/** What a model says of a product, from its answer to the first photo. */
export type Reading = Pick<NewProduct, 'status' | 'reason' | 'jointConfidence' | 'labels'> &
  Required<Pick<NewProduct, 'answer'>>;

export function readingOf({ prediction, reasons, doubts }: Answer): Reading {
  const { attributes, status, reason, joint_confidence: jointConfidence } = prediction;
  const labels = attributes.map(({ name, code, confidence }) => ({ attribute: name, code, confidence }));
  const probabilities = Object.fromEntries(attributes.map((attribute) => [attribute.name, attribute.probabilities]));
  return { status, reason, jointConfidence, labels, answer: { probabilities, reasons, doubts } };
}
