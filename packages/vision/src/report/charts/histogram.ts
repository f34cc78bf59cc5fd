import type { Chart } from '../chart.ts';
import { baseOption, categoryAxis, seriesColour, valueAxis } from '../theme.ts';

/** Labels under the bars. */
const LABELS = 7;

/** Photos per part of the range of a measure; parts that lie wholly beyond the limits are told apart. */
export function histogramChart({
  title,
  measure,
  edges,
  counts,
  limits,
}: {
  title: string;
  /** What is measured, with its unit. */
  measure: string;
  /** Ends of the parts, one more than `counts`. */
  edges: readonly number[];
  counts: readonly number[];
  limits: { readonly low: number; readonly high: number } | null;
}): Chart {
  const { low, high } = limits ?? { low: -Infinity, high: Infinity };
  const outside = counts.map((_, bin) => edges[bin + 1]! < low || edges[bin]! > high);
  const part = (name: string, index: number, wanted: boolean) => ({
    type: 'bar' as const,
    name,
    stack: 'photos',
    data: counts.map((count, bin) => (outside[bin] === wanted ? count : 0)),
    barCategoryGap: '8%',
    itemStyle: { color: seriesColour(index) },
    silent: true,
  });
  const some = outside.some((beyond, bin) => beyond && counts[bin]! > 0);
  const labels = counts.map((_, bin) => shortNumber((edges[bin]! + edges[bin + 1]!) / 2));
  return {
    title,
    height: 300,
    option: {
      ...baseOption(title, some ? ['photos', 'outliers'] : []),
      xAxis: categoryAxis(measure, labels, { interval: Math.ceil(counts.length / LABELS) - 1 }),
      yAxis: { ...valueAxis('photos'), minInterval: 1 },
      series: [part('photos', 0, false), ...(some ? [part('outliers', 1, true)] : [])],
    },
    data: { measure, edges, counts, limits },
    tip: (_, bin) => {
      const [from, to] = [edges[bin]!, edges[bin + 1]!].map(shortNumber);
      return from === to ? `${from}: ${counts[bin]} photos` : `${from} to ${to}: ${counts[bin]} photos`;
    },
  };
}

/** Three digits. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return String(Number(value.toFixed(Math.min(digits, 6))));
}
