/** @file The forms a list of predictions is written in (interface.md, "Predictions"). */
import type { Prediction, Taxonomy } from '@busana/contracts';

export type PredictionFormat = 'csv' | 'jsonl';

/** First line of the csv form, without a line end; undefined for a form that has none. */
export function predictionHeader(format: PredictionFormat, { attributes }: Taxonomy): string | undefined {
  if (format === 'jsonl') return undefined;
  const columns = attributes.flatMap(({ name }) => [name, `${name}_label`, `${name}_confidence`]);
  return csvLine(['image', ...columns, 'joint_confidence', 'status', 'reason', 'model']);
}

/** One prediction as one line, without a line end. */
export function predictionLine(format: PredictionFormat, prediction: Prediction, taxonomy: Taxonomy): string {
  if (format === 'jsonl') return JSON.stringify(prediction);
  const failed = prediction.status === 'error';
  const cells = taxonomy.attributes.flatMap(({ name }) => {
    const found = prediction.attributes.find((attribute) => attribute.name === name);
    return found === undefined ? ['', '', ''] : [found.code, found.label, found.confidence.toFixed(6)];
  });
  const { image, joint_confidence, status, reason, model } = prediction;
  return csvLine([image, ...cells, failed ? '' : joint_confidence.toFixed(6), status, reason, model]);
}

/** A line of RFC 4180: cells with a comma, a quote or a line break are quoted. */
export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
}

/** The cells of such a line, without its line end. */
export function csvCells(line: string): string[] {
  return [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
