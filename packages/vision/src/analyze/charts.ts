import type { Analysis, AttributePair, ColourAnalysis, FileAnalysis, Measure } from '@busana/contracts';
import type { Chart } from '../report/chart.ts';
import { histogramChart } from '../report/charts/histogram.ts';
import { countsChart } from '../report/charts/tables.ts';

/** A chart and the name of its files. */
export type NamedChart = readonly [name: string, chart: Chart];

/** Photos per value of each attribute. */
export function countCharts({ attributes }: Analysis): NamedChart[] {
  return attributes.map(({ name, values }) => [
    `counts-${name}`,
    countsChart({
      title: `Photos per ${name}`,
      groups: { name, labels: values.map(({ label }) => label) },
      bars: [{ name: 'photos', counts: values.map(({ count }) => count) }],
    }),
  ]);
}

/** Photos per combination of two attributes. */
export function pairChart({ rows, columns, row_labels, column_labels, counts }: AttributePair): NamedChart {
  const chart = countsChart({
    title: `Photos per ${columns} and ${rows}`,
    groups: { name: columns, labels: column_labels },
    bars: row_labels.map((name, index) => ({ name, counts: counts[index]! })),
  });
  return [`pair-${rows}-${columns}`, chart];
}

/** Backgrounds, and every measure that is not the same for all photos. */
export function imageCharts({ images }: FileAnalysis): NamedChart[] {
  if (images.images === 0) return [];
  const kinds = Object.entries(images.backgrounds);
  const backgrounds = countsChart({
    title: 'Photos per kind of background',
    groups: { name: 'background', labels: kinds.map(([kind]) => kind) },
    bars: [{ name: 'photos', counts: kinds.map(([, count]) => count) }],
  });
  return [
    ['backgrounds', backgrounds],
    ...images.measures
      .filter(({ min, max }) => min < max)
      .map((measure) => [measure.name, measureChart(measure)] as const),
  ];
}

/** Names that a chart has room for. */
const MOST_NAMES = 24;

/** Photos per name of the main colour of the garment. */
export function colourChart({ names }: ColourAnalysis): NamedChart {
  const shown = names.slice(0, MOST_NAMES);
  const left = names.slice(MOST_NAMES).reduce((sum, { photos }) => sum + photos, 0);
  const all = left === 0 ? shown : [...shown, { en: 'others', photos: left }];
  const chart = countsChart({
    title: 'Photos per colour of the garment',
    groups: { name: 'colour', labels: all.map(({ en }) => en) },
    bars: [{ name: 'photos', counts: all.map(({ photos }) => photos) }],
  });
  return ['garment-colours', chart];
}

function measureChart(measure: Measure): Chart {
  const { name, unit, histogram, logarithmic, limits } = measure;
  const plain = name.replaceAll('_', ' ');
  return histogramChart({
    title: `${plain[0]!.toUpperCase()}${plain.slice(1)}`,
    measure: logarithmic ? `${unit} (logarithmic)` : unit,
    edges: edgesOf(measure),
    counts: histogram,
    limits,
  });
}

/** Ends of the equal parts of the range, on the scale of the measure. */
function edgesOf({ min, max, histogram, logarithmic }: Measure): number[] {
  return Array.from({ length: histogram.length + 1 }, (_, edge) => {
    const share = edge / histogram.length;
    return logarithmic ? min * (max / min) ** share : min + (max - min) * share;
  });
}
