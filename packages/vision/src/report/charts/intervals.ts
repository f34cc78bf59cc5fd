import type { Proportion } from '@busana/contracts';
import type { CustomSeriesOption } from 'echarts';
import type { Chart } from '../chart.ts';
import { baseOption, categoryAxis, FONT, INK, percentLabel, seriesColour, valueAxis } from '../theme.ts';

const CAP = 7;

/** Shares with their intervals, one bar each, e.g. the EMR of every arm of a comparison. */
export function intervalsChart({
  title,
  measure,
  bars,
}: {
  title: string;
  /** What is measured, e.g. `EMR (95 % interval)`. */
  measure: string;
  bars: readonly (Proportion & { readonly name: string })[];
}): Chart {
  const base = baseOption(title);
  return {
    title,
    height: 130 + 56 * Math.max(1, bars.length),
    option: {
      ...base,
      // Room for the value beside an interval that ends at 100 %.
      grid: { ...base.grid, right: 76 },
      xAxis: valueAxis(measure, { percent: true, min: 0, max: 1 }),
      yAxis: {
        ...categoryAxis(
          '',
          bars.map(({ name }) => name),
        ),
        inverse: true,
      },
      series: [
        {
          type: 'bar',
          data: bars.map(({ value }, index) => ({ value, itemStyle: { color: seriesColour(index), opacity: 0.85 } })),
          barMaxWidth: 28,
          silent: true,
        },
        whiskers(bars),
      ],
    },
    data: { measure, bars },
    tip: (series, mark) => (series === 0 ? tipOf(bars[mark]!) : undefined),
  };
}

function tipOf({ name, value, low, high, n }: Proportion & { readonly name: string }): string {
  return `${name}: ${percentLabel(value)}, ${percentLabel(low)} to ${percentLabel(high)}, ${n} photos`;
}

/** A line from the lower to the upper end, with caps, and the value beside it. */
function whiskers(bars: readonly Proportion[]): CustomSeriesOption {
  return {
    type: 'custom',
    data: bars.map(({ low, high }, index) => [low, index, high]),
    encode: { x: [0, 2], y: 1 },
    renderItem: ({ dataIndex }, api) => {
      const [left, y] = api.coord([api.value(0), api.value(1)]) as [number, number];
      const [right] = api.coord([api.value(2), api.value(1)]) as [number, number];
      const stroke = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: INK.text, lineWidth: 2 },
      });
      const text = { fill: INK.text, font: `600 13px ${FONT}`, verticalAlign: 'middle' as const };
      return {
        type: 'group',
        children: [
          stroke(left, y, right, y),
          stroke(left, y - CAP, left, y + CAP),
          stroke(right, y - CAP, right, y + CAP),
          { type: 'text', style: { ...text, text: percentLabel(bars[dataIndex]!.value), x: right + 10, y } },
        ],
      };
    },
    silent: true,
    z: 5,
  };
}
