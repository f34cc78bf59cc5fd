import type { Analysis, EmbeddingAnalysis, PhotoReference } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { findingTables } from '../../src/analyze/findings.ts';

const photo = (name: string, row: number | null): PhotoReference => ({ name, row, test: row === null });

const embeddings: EmbeddingAnalysis = {
  backbone: { architecture: 'cnn', weights: 'a.onnx', image_size: 32 },
  labels: {
    folds: 5,
    seed: 0,
    attributes: [],
    suspicions: [
      {
        photo: photo('train/1, red.jpg', 2),
        attribute: 'warna',
        given: '0',
        given_label: 'red',
        suggested: '2',
        suggested_label: 'blue',
        self_confidence: 0.1,
        normalised_margin: 0.15,
      },
    ],
  },
  outliers: {
    neighbours: 10,
    references: 100,
    limit: 0.4,
    median: 0.2,
    outliers: [{ photo: photo('test/9.jpg', null), distance: 0.5, nearest: photo('train/3.jpg', 4) }],
  },
};
const analysis: Analysis = {
  source: 'made-up',
  photos: 1,
  test_photos: 1,
  fully_labelled: 1,
  attributes: [],
  pairs: [],
  files: null,
  colours: null,
  embeddings,
  notes: [],
};

describe('tables of findings', () => {
  it('name photo and row, under the columns of their header', () => {
    const [doubted, far] = findingTables(analysis);
    const row = Object.fromEntries(doubted!.header.map((column, at) => [column, doubted!.findings[0]!.cells[at]]));
    expect(row).toEqual({
      image: 'train/1, red.jpg',
      row: '2',
      attribute: 'warna',
      given: '0',
      given_label: 'red',
      suggested: '2',
      suggested_label: 'blue',
      self_confidence: '0.100000',
      normalised_margin: '0.150000',
    });
    expect(doubted!.findings[0]!.caption).toBe('train/1, red.jpg (row 2): warna red, rather blue');
    expect(far!.findings[0]).toMatchObject({ cells: ['test/9.jpg', '', '0.5000', 'train/3.jpg'] });
  });

  it('are only those that were looked for', () => {
    expect(findingTables({ ...analysis, embeddings: null })).toEqual([]);
    const unjudged = findingTables({ ...analysis, embeddings: { ...embeddings, labels: null } });
    expect(unjudged.map(({ name }) => name)).toEqual(['outliers']);
  });
});
