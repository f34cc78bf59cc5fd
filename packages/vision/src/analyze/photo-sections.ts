/** @file What the photos themselves say, as sections of a report. */
import type { ColourAnalysis, FileAnalysis } from '@busana/contracts';
import { shortNumber } from '../report/charts/histogram.ts';
import type { ReportBlock, ReportSection } from '../report/sections.ts';
import { colourChart, imageCharts } from './charts.ts';
import { colourLines, countLines } from './lines.ts';

export function pictureSection(files: FileAnalysis): ReportSection {
  const rows = files.images.measures.map(({ name, unit, min, median, max, outliers }) => [
    name.replaceAll('_', ' '),
    ...[min, median, max].map(shortNumber),
    unit,
    String(outliers.length),
  ]);
  return {
    title: 'Pictures',
    blocks: [
      ...countLines(files).map(text),
      { kind: 'table', header: ['measure', 'least', 'median', 'most', 'unit', 'outliers'], rows },
      ...imageCharts(files).map(([, chart]) => ({ kind: 'chart' as const, chart })),
    ],
  };
}

export function colourSection(colours: ColourAnalysis): ReportSection {
  const { names, attributes } = colours;
  return {
    title: 'Colours of the garments',
    blocks: [
      ...colourLines(colours).slice(1).map(text),
      { kind: 'chart', chart: colourChart(colours)[1] },
      {
        kind: 'table',
        caption: 'Photos per name of the main colour; garment-colours.csv has those of each photo',
        header: ['colour', 'warna', 'hex', 'photos'],
        rows: names.map(({ en, id, hex, photos }) => [en, id, hex, String(photos)]),
      },
      ...attributes.map(({ name, labels, counts }): ReportBlock => ({
        kind: 'table',
        caption: `${name}: photos by the label that stands (rows) and the one that the pixels suggest (columns)`,
        header: ['label', ...labels],
        rows: counts.map((row, index) => [labels[index]!, ...row.map(String)]),
      })),
    ],
  };
}

function text(content: string): ReportBlock {
  return { kind: 'text', text: content };
}
