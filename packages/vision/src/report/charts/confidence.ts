/** @file Charts of what confidences are worth. */
import type { Acceptance, Calibration, Metrics } from '@busana/contracts';
import type { LineSeriesOption, ScatterSeriesOption } from 'echarts';
import type { Chart } from '../chart.ts';
import { baseOption, INK, percentLabel, seriesColour, seriesSymbol, valueAxis } from '../theme.ts';

/** Confidence against the share that was right, per bin; on the diagonal the model keeps what it promises. */
export function reliabilityChart({
  title,
  confidence,
  right,
  curves,
}: {
  title: string;
  /** Whose confidence, and what share, as the axes say it. */
  confidence: string;
  right: string;
  curves: readonly { readonly name: string; readonly calibration: Calibration }[];
}): Chart {
  const perfect = 'perfectly calibrated';
  const lowest = Math.min(
    ...curves.flatMap(({ calibration: { bins } }) => bins.flatMap((bin) => [bin.confidence, bin.accuracy])),
    1,
  );
  // Good networks are seldom in doubt: what they are never at is not drawn.
  const axis = { percent: true, min: Math.min(0.8, Math.floor(lowest * 10) / 10), max: 1 };
  return {
    title,
    height: 440,
    option: {
      ...baseOption(title, [...curves.map(({ name }) => name), perfect]),
      xAxis: valueAxis(confidence, axis),
      yAxis: valueAxis(right, axis),
      series: [
        ...curves.map(({ name, calibration: { bins } }, index): LineSeriesOption => ({
          type: 'line',
          name,
          data: bins.map(({ confidence: mean, accuracy }) => [mean, accuracy]),
          symbol: seriesSymbol(index),
          symbolSize: 9,
          lineStyle: { width: 2.5 },
          itemStyle: { color: seriesColour(index) },
          silent: true,
          z: 3,
        })),
        {
          type: 'line',
          name: perfect,
          data: [
            [axis.min, axis.min],
            [1, 1],
          ],
          symbol: 'none',
          lineStyle: { color: INK.muted, type: 'dashed', width: 1.5 },
          itemStyle: { color: INK.muted },
          silent: true,
        },
      ],
    },
    data: { curves: curves.map(({ name, calibration }) => ({ name, ...calibration })) },
    tip: (series, mark) => binTip(curves[series]?.calibration.bins[mark]),
  };
}

function binTip(bin: Calibration['bins'][number] | undefined): string | undefined {
  if (bin === undefined) return undefined;
  const { confidence, accuracy, count } = bin;
  return `${count} photos: confident ${percentLabel(confidence)}, right ${percentLabel(accuracy)}`;
}

/**
 * EMR of the most confident photos, from few of them to all.
 * @param advised the threshold that is recommended, marked on the curve
 */
export function riskCoverageChart(title: string, rows: Metrics['risk_coverage'], advised?: Acceptance): Chart {
  const advice = advised === undefined ? [] : [advisedPoint(advised)];
  return {
    title,
    height: 380 + 26 * advice.length,
    option: {
      ...baseOption(
        title,
        advice.map(({ name }) => name),
      ),
      xAxis: valueAxis('photos kept, most confident first', { percent: true, min: 0, max: 1 }),
      yAxis: { ...valueAxis('EMR of those kept', { percent: true, max: 1 }), scale: true },
      series: [
        {
          type: 'line',
          data: rows.map(({ coverage, emr }) => [coverage, emr]),
          showSymbol: rows.length < 3,
          lineStyle: { width: 2.5 },
          itemStyle: { color: seriesColour(0) },
          areaStyle: { opacity: 0.1 },
          silent: true,
        },
        ...advice,
      ],
    },
    data: { rows, ...(advised && { advised }) },
  };
}

function advisedPoint({ threshold, coverage, emr }: Acceptance) {
  return {
    type: 'scatter',
    name: `accept above ${threshold.toFixed(3)}: ${percentLabel(coverage)} of photos at ${percentLabel(emr)} EMR`,
    data: [[coverage, emr]],
    symbolSize: 12,
    itemStyle: { color: seriesColour(1) },
    silent: true,
    z: 4,
  } satisfies ScatterSeriesOption;
}
