/** @file Charts of counts: confusion matrices and contingency tables. */
import type { HeatmapSeriesOption } from 'echarts';
import type { Chart } from '../chart.ts';
import { baseOption, categoryAxis, fitSideBySide, INK, valueAxis } from '../theme.ts';

/** Cells from light to dark; the light end is never white, so that empty cells are seen as cells in either theme. */
const SHADES = ['#eef4fa', '#c2dbef', '#7fb3da', '#2f7fba', '#084c8d'];
/** Ink on cells. Not the ink of the page: cells keep their colours in the dark. */
const ON_LIGHT = '#12181f';
const ON_DARK = '#fdfeff';
/** Share from which a cell is too dark for dark ink. */
const DARK_FROM = 0.6;
/** More classes than this leave room for the count alone in a cell. */
const MOST_WITH_SHARE = 7;

/** Counts of truth against prediction; each row is shaded by its own shares, so that rare classes are seen too. */
export function confusionChart({
  title,
  labels,
  counts,
}: {
  title: string;
  labels: readonly string[];
  /** `[truth][prediction]` */
  counts: readonly (readonly number[])[];
}): Chart {
  const crowded = labels.length > MOST_WITH_SHARE;
  const oneLine = { width: 150, overflow: 'truncate' as const };
  const across = fitSideBySide(labels) ? { width: 560 / Math.max(4, labels.length) } : { ...oneLine, rotate: 60 };
  const rowHeight = crowded ? 34 : 52;
  return {
    title,
    height: 190 + Math.max(3, labels.length) * rowHeight,
    option: {
      ...baseOption(title),
      xAxis: { ...categoryAxis('predicted', labels, across), axisLine: { show: false }, position: 'bottom' },
      yAxis: { ...categoryAxis('truth', labels, crowded ? oneLine : {}), axisLine: { show: false }, inverse: true },
      visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: SHADES } },
      series: heatMap(counts),
    },
    data: { labels, truth_by_prediction: counts },
    tip: (_, cell) => {
      const [truth, predicted] = [Math.floor(cell / labels.length), cell % labels.length];
      const count = counts[truth]![predicted]!;
      return `${labels[truth]} read as ${labels[predicted]}: ${count} of ${sum(counts[truth]!)}`;
    },
  };
}

function heatMap(counts: readonly (readonly number[])[]): HeatmapSeriesOption {
  const cells = counts.flatMap((row, truth) => {
    const total = sum(row);
    return row.map((count, predicted) => {
      const share = total === 0 ? 0 : count / total;
      return {
        value: [predicted, truth, share],
        label: {
          color: share > DARK_FROM ? ON_DARK : ON_LIGHT,
          formatter: () => (counts.length > MOST_WITH_SHARE ? `${count}` : cellLabel(count, share)),
        },
      };
    });
  });
  const itemStyle = { borderColor: INK.background, borderWidth: 2 };
  return { type: 'heatmap', data: cells, label: { show: true, fontSize: 13 }, itemStyle, silent: true };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function cellLabel(count: number, share: number): string {
  return count === 0 ? '0' : `${count} (${Math.round(share * 100)} %)`;
}

/** Counts per value of one attribute, or of two as groups of bars. */
export function countsChart({
  title,
  groups,
  bars,
}: {
  title: string;
  /** Values along the axis. */
  groups: { readonly name: string; readonly labels: readonly string[] };
  /** Bars of each group, with one count per group. */
  bars: readonly { readonly name: string; readonly counts: readonly number[] }[];
}): Chart {
  const upright = fitSideBySide(groups.labels);
  const base = baseOption(title, bars.length > 1 ? bars.map(({ name }) => name) : []);
  const names = categoryAxis(groups.name, groups.labels, upright ? {} : { width: 150, overflow: 'truncate' });
  const counts = { ...valueAxis('photos'), minInterval: 1 };
  return {
    title,
    height: upright ? 380 : 150 + groups.labels.length * Math.max(26, 18 * bars.length),
    option: {
      ...base,
      grid: { ...base.grid, right: upright ? 28 : 60 },
      ...(upright ? { xAxis: names, yAxis: counts } : { xAxis: counts, yAxis: { ...names, inverse: true } }),
      series: bars.map(({ name, counts }) => ({
        type: 'bar',
        name,
        data: [...counts],
        barMaxWidth: 56,
        barGap: '8%',
        label: { show: true, position: upright ? 'top' : 'right', color: INK.text, fontSize: 12 },
        silent: true,
      })),
    },
    data: { [groups.name]: groups.labels, bars },
    tip: (bar, group) => {
      const { name, counts } = bars[bar]!;
      return `${groups.labels[group]}, ${name}: ${counts[group]} of ${sum(counts)}`;
    },
  };
}
