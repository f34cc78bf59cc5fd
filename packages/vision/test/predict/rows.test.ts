import type { Prediction, Taxonomy } from '@busana/contracts';
import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvCells, csvLine, predictionHeader, predictionLine } from '../../src/predict/output.ts';
import { describeRow, readRows, type Row } from '../../src/predict/rows.ts';
import { folderWith } from '../support/temporary.ts';

/** An attribute may be called as a column is. */
const taxonomy: Taxonomy = {
  id: 'id',
  attributes: [{ name: 'status', titles: {}, kind: 'other', values: [{ code: 'error', names: {}, aliases: [] }] }],
};
const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', '衣', '/', '\\') });
const prediction = fc
  .record({ image: cell, reason: cell, failed: fc.boolean() })
  .map(({ image, reason, failed }): Prediction => ({
    image,
    attributes: failed
      ? []
      : [{ name: 'status', code: 'error', label: reason, confidence: 0.5, probabilities: { error: 0.5 } }],
    joint_confidence: 0.5,
    status: failed ? 'error' : 'review',
    reason,
    model: 'm',
  }));

async function rowsIn(file: string, format: 'csv' | 'jsonl'): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(file, format)) rows.push(row);
  return rows;
}

describe('csvCells', () => {
  it('reads what csvLine writes', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        expect(csvCells(csvLine(cells))).toEqual(cells);
      }),
    );
  });
});

describe.each(['csv', 'jsonl'] as const)('rows of %s', (format) => {
  it('are read back from a file that was cut off anywhere, as far as they are whole', async () => {
    const folder = await folderWith();
    const file = join(folder, 'rows');
    await fc.assert(
      fc.asyncProperty(fc.array(prediction, { maxLength: 6 }), fc.double({ min: 0, max: 1 }), async (list, share) => {
        const header = predictionHeader(format, taxonomy);
        const lines = [
          ...(header === undefined ? [] : [header]),
          ...list.map((item) => predictionLine(format, item, taxonomy)),
        ];
        const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const length = Math.round((Number.isNaN(share) ? 1 : share) * whole.length);
        await writeFile(file, whole.subarray(0, length));
        const rows = await rowsIn(file, format);
        expect(rows.map(({ text }) => text)).toEqual(lines.slice(0, rows.length));
        const ends = lines.map((_, index) => Buffer.byteLength(`${lines.slice(0, index + 1).join('\n')}\n`));
        expect(rows.map(({ end }) => end)).toEqual(ends.filter((end) => end <= length));
        const first = header === undefined ? 0 : 1;
        expect(rows.slice(first).map(({ text }) => describeRow(text, format))).toEqual(
          list
            .slice(0, Math.max(0, rows.length - first))
            .map(({ image, status }) => ({ image, failed: status === 'error' })),
        );
      }),
    );
  });
});

describe('describeRow', () => {
  it.each([
    ['csv', 'a.jpg'],
    ['csv', '\0\0\0\0'],
    ['jsonl', '{"image":"a.jpg"}'],
    ['jsonl', '{"image":'],
  ] as const)('finds no row of %s in %j', (format, text) => {
    expect(describeRow(text, format)).toBeUndefined();
  });
});
