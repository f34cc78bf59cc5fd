import type { EChartsOption } from 'echarts';

/** Colours of text and lines; each has a dark counterpart in {@link DARK}, so nothing else may use these exact values. */
export const INK = { background: '#ffffff', text: '#1f2328', muted: '#59636e', line: '#d1d9e0' } as const;
const DARK: Record<keyof typeof INK, string> = {
  background: '#151b23',
  text: '#f0f6fc',
  muted: '#9198a1',
  line: '#3d444d',
};

/**
 * Series colours after Okabe and Ito (2008), darkened where needed for a contrast of 3:1 on white and on the dark
 * background: told apart by people with any colour vision deficiency.
 */
const SERIES = ['#0072b2', '#d55e00', '#009e73', '#b5609a', '#a67c00', '#4f6d8f'];
/** Marks of the series, so that nothing depends on colour alone. */
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect'];

/** Without quotes, which the SVG renderer does not escape in its style attributes. */
export const FONT = 'Inter, Helvetica Neue, Arial, sans-serif';
export const WIDTH = 720;

export function seriesColour(index: number): string {
  return SERIES[index % SERIES.length]!;
}

export function seriesSymbol(index: number): string {
  return SYMBOLS[index % SYMBOLS.length]!;
}

/** Style sheet that turns {@link INK} dark where the reader prefers it; paper stays white. */
export function darkStyle(): string {
  const rules = Object.entries(INK).flatMap(([name, light]) => {
    const dark = DARK[name as keyof typeof INK];
    return [`[fill="${light}"]{fill:${dark}}`, `[stroke="${light}"]{stroke:${dark}}`];
  });
  return `@media screen and (prefers-color-scheme:dark){${rules.join('')}}`;
}

/** What all charts share: fonts, colours, the title at the top left and room for it. */
export function baseOption(title: string, legend: readonly string[] = []) {
  const rows = legendRows(legend);
  return {
    animation: false,
    backgroundColor: INK.background,
    color: SERIES,
    textStyle: { fontFamily: FONT, fontSize: 13, color: INK.text },
    title: {
      text: title,
      left: 20,
      top: 16,
      textStyle: {
        fontFamily: FONT,
        fontSize: 16,
        fontWeight: 600,
        color: INK.text,
        width: WIDTH - 40,
        overflow: 'break',
      },
    },
    legend: {
      show: legend.length > 0,
      data: [...legend],
      left: 16,
      top: 46,
      width: WIDTH - 32,
      itemGap: 18,
      textStyle: { color: INK.text, fontSize: 13 },
    },
    grid: { left: 24, right: 28, top: 60 + 26 * rows, bottom: 20, outerBoundsMode: 'same', outerBoundsContain: 'all' },
  } satisfies EChartsOption;
}

/** Lines a legend takes; widths are estimated, as there is nothing to measure text with. */
function legendRows(names: readonly string[]): number {
  const widths = names.map((name) => 50 + 7.5 * name.length);
  return Math.ceil(widths.reduce((sum, width) => sum + width, 0) / (WIDTH - 32));
}

const axisName = { nameLocation: 'middle', nameTextStyle: { color: INK.muted, fontSize: 13 }, nameGap: 14 } as const;
const axisLabel = { color: INK.muted, fontSize: 12 };

/** An axis of numbers with light grid lines. */
export function valueAxis(
  name: string,
  { percent = false, ...rest }: { percent?: boolean; min?: number; max?: number } = {},
) {
  return {
    type: 'value' as const,
    name,
    ...axisName,
    axisLabel: { ...axisLabel, ...(percent && { formatter: percentLabel }) },
    splitLine: { lineStyle: { color: INK.line } },
    axisLine: { show: false },
    ...rest,
  };
}

/** An axis of names. By default each of them is shown, broken into lines where it is long. */
export function categoryAxis(
  name: string,
  labels: readonly (string | number)[],
  label: { interval?: number; rotate?: number; width?: number; overflow?: 'break' | 'truncate' } = {},
) {
  return {
    type: 'category' as const,
    name,
    ...axisName,
    data: labels.map(String),
    axisLabel: { ...axisLabel, interval: 0, width: 120, overflow: 'break' as const, ...label },
    axisLine: { lineStyle: { color: INK.muted } },
    axisTick: { show: false },
  };
}

/** Whether names fit side by side under a chart. */
export function fitSideBySide(labels: readonly string[]): boolean {
  const longestWord = Math.max(0, ...labels.flatMap((label) => label.split(/\s+/)).map((word) => word.length));
  return labels.length * (longestWord * 7.5 + 10) < WIDTH - 100;
}

export function percentLabel(value: number): string {
  return `${Number((value * 100).toFixed(1))} %`;
}
