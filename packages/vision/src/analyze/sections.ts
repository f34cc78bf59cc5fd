/** @file The analysis as sections of a report. */
import { BusanaError, type Analysis, type AttributePair, type LabelAnalysis } from '@busana/contracts';
import type { Photo } from '../data/dataset.ts';
import type { ReportBlock, ReportPicture, ReportSection, SummaryNumber } from '../report/sections.ts';
import { countCharts, pairChart } from './charts.ts';
import type { FindingTable } from './finding.ts';
import { findingTables } from './findings.ts';
import { embeddingLines, informationLine } from './lines.ts';
import { colourSection, pictureSection } from './photo-sections.ts';
import { thumbnail } from './thumbnails.ts';

/** More findings than this are left to the CSV. */
const MOST_ROWS = 200;
/** Findings of a kind that are shown as pictures. */
const MOST_PICTURES = 40;

/** @param photoNamed how to find a photo by the name that findings give it */
export async function analysisSections(
  analysis: Analysis,
  photoNamed: (name: string) => Photo | undefined,
): Promise<ReportSection[]> {
  const { pairs, files, colours, embeddings, notes } = analysis;
  const findings: ReportSection[] = [];
  for (const table of findingTables(analysis)) {
    if (table.findings.length > 0) findings.push(await findingSection(table, photoNamed));
  }
  return [
    { title: 'Summary', blocks: [{ kind: 'numbers', numbers: summary(analysis) }, ...notes.map(text)] },
    { title: 'Counts', blocks: countCharts(analysis).map(([, chart]) => ({ kind: 'chart', chart })) },
    ...(pairs.length > 1 ? [associations(pairs)] : []),
    ...pairs.map(pairSection),
    ...(files === null ? [] : [pictureSection(files)]),
    ...(colours === null ? [] : [colourSection(colours)]),
    ...(embeddings === null ? [] : [
      {
        title: 'Through a network',
        blocks: [...embeddingLines(embeddings).map(text), ...(embeddings.labels?.attributes ?? []).map(noiseTable)],
      },
    ]), // prettier-ignore
    ...findings,
  ];
}

function text(content: string): ReportBlock {
  return { kind: 'text', text: content };
}

function summary(analysis: Analysis): SummaryNumber[] {
  const { photos, test_photos, fully_labelled } = analysis;
  const counts = findingTables(analysis).map(({ title, findings }) => ({
    label: title,
    value: String(findings.length),
  }));
  return [
    { label: 'Labelled photos', value: String(photos), note: `${fully_labelled} with every label` },
    { label: 'Test photos', value: String(test_photos) },
    ...counts,
  ];
}

/** Every two attributes in one table. */
function associations(pairs: readonly AttributePair[]): ReportSection {
  const rows = pairs.map((pair) => [
    pair.rows,
    pair.columns,
    pair.statistic.toFixed(3),
    String(pair.degrees_of_freedom),
    pair.p_value < 0.0001 ? pair.p_value.toExponential(1) : pair.p_value.toFixed(4),
    pair.cramers_v.toFixed(3),
    pair.mutual_information.toFixed(4),
    pair.normalised_mutual_information.toFixed(3),
  ]);
  const header = ['attribute', 'attribute', 'chi-square', 'degrees of freedom', 'p', "Cramer's V", 'mutual information, bits', 'of the smaller entropy']; // prettier-ignore
  return { title: 'How attributes go together', blocks: [{ kind: 'table', header, rows }] };
}

function pairSection(pair: AttributePair): ReportSection {
  const { rows, columns, row_labels, column_labels, counts, expected, verdict, implication } = pair;
  const table = (caption: string, numbers: readonly (readonly number[])[], digits: number): ReportBlock => ({
    kind: 'table',
    caption,
    header: [rows, ...column_labels],
    rows: numbers.map((row, index) => [row_labels[index]!, ...row.map((value) => value.toFixed(digits))]),
  });
  return {
    title: `${rows} and ${columns}`,
    blocks: [
      text(verdict),
      text(`${informationLine(pair)}.`.replace(/^m/, 'M')),
      text(implication),
      table('Photos counted', counts, 0),
      table('Photos expected if the two were independent', expected, 3),
      { kind: 'chart', chart: pairChart(pair)[1] },
    ],
  };
}

function noiseTable({ name, labels, confident_joint }: LabelAnalysis['attributes'][number]): ReportBlock {
  return {
    kind: 'table',
    caption: `${name}: photos by the label that stands (rows) and the one that is estimated to be true (columns)`,
    header: ['label', ...labels],
    rows: confident_joint.map((row, index) => [labels[index]!, ...row.map((count) => count.toFixed(1))]),
  };
}

async function findingSection(
  { name, title, explanation, header, findings }: FindingTable,
  photoNamed: (name: string) => Photo | undefined,
): Promise<ReportSection> {
  const pictures: ReportPicture[] = [];
  for (const { photos, caption } of findings.slice(0, MOST_PICTURES)) {
    const found = photos.flatMap((photo) => photoNamed(photo.name) ?? []);
    if (found.length === 0) continue;
    try {
      pictures.push(await thumbnail(found, caption));
    } catch (error) {
      // A photo that has gone or changed since it was looked at is still a row of the table.
      if (!(error instanceof BusanaError)) throw error;
    }
  }
  const part = findings.length > MOST_ROWS ? `, the first ${MOST_ROWS} of ${findings.length}` : '';
  return {
    title: `${title} (${findings.length})`,
    blocks: [
      text(explanation),
      ...(pictures.length === 0 ? [] : [{ kind: 'pictures' as const, pictures }]),
      {
        kind: 'table',
        caption: `findings/${name}.csv${part}`,
        header,
        rows: findings.slice(0, MOST_ROWS).map(({ cells }) => cells),
      },
    ],
  };
}
