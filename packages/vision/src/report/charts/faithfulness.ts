/** @file Deletion and insertion curves of an explanation. */
import type { AttributionRecord } from '@busana/contracts';
import type { LineSeriesOption } from 'echarts';
import type { Chart } from '../chart.ts';
import { baseOption, seriesColour, seriesSymbol, valueAxis } from '../theme.ts';

/** The output of a class against the share of pixels taken away, or put back, the most important ones first. */
export function faithfulnessChart(title: string, curves: Pick<AttributionRecord, 'deletion' | 'insertion'>): Chart {
  const lines = (['deletion', 'insertion'] as const).flatMap((kind) => {
    const curve = curves[kind];
    return curve === null ? [] : [{ name: `${kind}, area ${curve.area.toFixed(3)}`, scores: curve.scores }];
  });
  return {
    title,
    height: 380,
    option: {
      ...baseOption(
        title,
        lines.map(({ name }) => name),
      ),
      xAxis: valueAxis('pixels changed, the most important first', { percent: true, min: 0, max: 1 }),
      yAxis: valueAxis('output', { min: 0 }),
      series: lines.map(({ name, scores }, index): LineSeriesOption => ({
        type: 'line',
        name,
        data: scores.map((score, step) => [step / (scores.length - 1), score]),
        symbol: seriesSymbol(index),
        symbolSize: 5,
        showAllSymbol: true,
        lineStyle: { width: 2.5 },
        itemStyle: { color: seriesColour(index) },
        silent: true,
      })),
    },
    data: curves,
  };
}
