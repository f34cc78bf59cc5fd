/** @file A product as a reviewer sees it: its card, every class that the model weighed, and why it is asked about. */
import type { ReviewPage, Taxonomy } from '@busana/contracts';
import { labelOf } from '@busana/vision';
import type { Waiting } from '../catalogue/queue.ts';
import type { productsToJudge } from '../catalogue/review.ts';
import { asAnswer } from './answers.ts';

type Row = Awaited<ReturnType<typeof productsToJudge>>[number];

/** In the order of the queue; what has been removed meanwhile is left out. */
export function reviewItems(
  taxonomy: Taxonomy,
  waiting: readonly Waiting[],
  rows: readonly Row[],
): ReviewPage['items'] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return waiting.flatMap(({ id, issue }) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const product = asAnswer(row, taxonomy);
    const told = taxonomy.attributes.map(({ name, values }) => {
      const code = row.labels[name] ?? null;
      const value = values.find((one) => one.code === code);
      const classes = { ...row.probabilities?.[name] };
      const probability = code === null ? null : (classes[code] ?? null);
      return { name, code, label: value === undefined ? null : labelOf(value), probability, classes };
    });
    const reasons = row.reason === '' ? [] : [...(row.reasons ?? [row.reason])];
    const doubts = row.reason === '' ? [] : [...(row.doubts ?? [])];
    const { photo, joint_confidence } = product;
    return [{ product, photo, attributes: told, joint_confidence, reasons, doubts, label_issue: issue }];
  });
}
