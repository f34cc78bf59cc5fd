/** @file Charts of what the joint confidence is worth. */
import type { Metrics } from '@busana/contracts';
import type { Chart } from '../chart.ts';
import { baseOption, INK, percentLabel, seriesColour, valueAxis } from '../theme.ts';

/** Confidence against the share that was right, per bin; on the diagonal the model keeps what it promises. */
export function reliabilityChart(title: string, calibration: Metrics['calibration']): Chart {
  return {
    title,
    height: 440,
    option: {
      ...baseOption(title, ['model', 'perfectly calibrated']),
      xAxis: valueAxis('joint confidence', { percent: true, min: 0, max: 1 }),
      yAxis: valueAxis('exact matches', { percent: true, min: 0, max: 1 }),
      series: [
        {
          type: 'line',
          name: 'model',
          data: calibration.bins.map(({ confidence, accuracy }) => [confidence, accuracy]),
          symbol: 'circle',
          symbolSize: 9,
          lineStyle: { width: 2.5 },
          itemStyle: { color: seriesColour(0) },
          silent: true,
          z: 3,
        },
        {
          type: 'line',
          name: 'perfectly calibrated',
          data: [
            [0, 0],
            [1, 1],
          ],
          symbol: 'none',
          lineStyle: { color: INK.muted, type: 'dashed', width: 1.5 },
          itemStyle: { color: INK.muted },
          silent: true,
        },
      ],
    },
    data: calibration,
    tip: (series, mark) => (series === 0 ? binTip(calibration.bins[mark]) : undefined),
  };
}

function binTip(bin: Metrics['calibration']['bins'][number] | undefined): string | undefined {
  if (bin === undefined) return undefined;
  const { confidence, accuracy, count } = bin;
  return `${count} photos: confident ${percentLabel(confidence)}, right ${percentLabel(accuracy)}`;
}

/** EMR of the most confident photos, from few of them to all. */
export function riskCoverageChart(title: string, rows: Metrics['risk_coverage']): Chart {
  return {
    title,
    height: 380,
    option: {
      ...baseOption(title),
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
      ],
    },
    data: { rows },
  };
}
