import type { CustomSeriesOption, LineSeriesOption } from 'echarts';
import type { Chart } from '../chart.ts';
import { baseOption, categoryAxis, percentLabel, seriesColour, seriesSymbol, valueAxis } from '../theme.ts';

/** One line of a curve chart. */
export interface Curve {
  /** What is told apart, e.g. the approach. */
  readonly name: string;
  /** Per epoch, the values of its folds; an epoch without values is a gap. */
  readonly epochs: readonly (readonly number[])[];
}

/** Fewer labels than this fit side by side. */
const MOST_EPOCH_LABELS = 20;

/**
 * A metric over the epochs, several curves side by side: the mean over the folds, and from the worst to the best fold
 * as a band.
 */
export function curvesChart({
  title,
  metric,
  percent = false,
  curves,
}: {
  title: string;
  /** Name of the vertical axis. */
  metric: string;
  /** The values are shares, 0..1. */
  percent?: boolean;
  curves: readonly Curve[];
}): Chart {
  const length = Math.max(0, ...curves.map(({ epochs }) => epochs.length));
  const epochs = Array.from({ length }, (_, index) => index + 1);
  const summaries = curves.map(({ name, epochs }) => ({ name, points: epochs.map(summary) }));
  return {
    title,
    height: 400,
    option: {
      ...baseOption(
        title,
        curves.map(({ name }) => name),
      ),
      xAxis: categoryAxis('epoch', epochs, { interval: Math.ceil(length / MOST_EPOCH_LABELS) - 1 }),
      yAxis: { ...valueAxis(metric, { percent }), scale: !percent },
      series: summaries.flatMap(({ name, points }, index) => [band(points, index), line(name, points, index)]),
    },
    data: { metric, epochs, curves: summaries },
    // Each curve is two series, its band and its line.
    tip: (series, mark) => tipOf(summaries[series >> 1]!, mark, percent),
  };
}

interface Point {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

function summary(values: readonly number[]): Point | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, min: Math.min(...values), max: Math.max(...values) };
}

function tipOf({ name, points }: { name: string; points: readonly (Point | null)[] }, index: number, percent: boolean) {
  const point = points[index];
  if (point === null || point === undefined) return undefined;
  const say = percent ? percentLabel : (value: number) => value.toPrecision(4);
  const spread = point.min < point.max ? ` (${say(point.min)} to ${say(point.max)})` : '';
  return `${name}, epoch ${index + 1}: ${say(point.mean)}${spread}`;
}

function line(name: string, points: readonly (Point | null)[], index: number): LineSeriesOption {
  return {
    type: 'line',
    name,
    data: points.map((point) => point?.mean ?? null),
    symbol: seriesSymbol(index),
    symbolSize: points.length > MOST_EPOCH_LABELS ? 4 : 8,
    showAllSymbol: true,
    lineStyle: { width: 2.5 },
    itemStyle: { color: seriesColour(index) },
    silent: true,
    z: 3,
  };
}

/** From the lowest to the highest fold, epochs without values left out. */
function band(points: readonly (Point | null)[], index: number): CustomSeriesOption {
  const known = points.flatMap((point, epoch) => (point === null ? [] : [{ ...point, epoch }]));
  return {
    type: 'custom',
    // Two values per epoch, so that the axis makes room for the whole band.
    data: known.flatMap(({ epoch, min, max }) => [[epoch, min], [epoch, max]]), // prettier-ignore
    renderItem: ({ dataIndex }, api) => {
      if (dataIndex !== 0) return null;
      const upper = known.map(({ epoch, max }) => api.coord([epoch, max]));
      const lower = known.map(({ epoch, min }) => api.coord([epoch, min])).reverse();
      return {
        type: 'polygon',
        shape: { points: [...upper, ...lower] },
        style: { fill: seriesColour(index), opacity: 0.15 },
      };
    },
    silent: true,
    z: 1,
  };
}
