import type { EChartsOption } from 'echarts';
import { darkStyle, WIDTH } from './theme.ts';

/** One chart: what it shows as data, and how, as the one specification it is drawn from everywhere. */
export interface Chart {
  /** Says what is seen; also the text alternative. */
  readonly title: string;
  /** Height in CSS pixels; all charts are equally wide. */
  readonly height: number;
  readonly option: EChartsOption;
  /** The numbers behind it, as written beside the picture. */
  readonly data: object;
  /** What a mark says when it is pointed at, by the index of its series and its own within it. */
  readonly tip?: (series: number, mark: number) => string | undefined;
}

/** Draws a chart as SVG, without a browser. The same chart always gives the same text. */
export async function renderSvg({ title, height, option, tip }: Chart): Promise<string> {
  // Loaded when something is drawn: it takes longer to load than a photo takes to classify.
  const { init } = await import('echarts');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption(option);
    return finish(withTips(chart.renderToSVGString(), tip), title);
  } finally {
    chart.dispose();
  }
}

/** Marks with their texts as `<title>`, which browsers show; echarts numbers series and marks in attributes. */
function withTips(svg: string, tip: Chart['tip']): string {
  if (tip === undefined) return svg;
  const mark = /(<(\w+)[^>]* ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)"[^>]*>)(?=<\/\2>)/g;
  return svg.replaceAll(mark, (opening: string, _1, _2, series: string, index: string) => {
    const text = tip(Number(series), Number(index));
    return text === undefined ? opening : `${opening}<title>${escapeXml(text)}</title>`;
  });
}

/**
 * Adds the text alternative and the dark colours; takes out what is for the mouse and whatever counts the charts drawn
 * before, naming elements after the chart instead.
 */
function finish(svg: string, title: string): string {
  const still = svg
    .replace(/<style >[\s\S]*?<\/style>\n?/, '')
    .replaceAll(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replaceAll(/(id="|url\(#)zr\d+-/g, '$1');
  return still
    .replaceAll(/(id="|url\(#)/g, `$1chart-${fingerprint(still)}-`)
    .replace('<svg ', `<svg role="img" aria-label="${escapeXml(title)}" `)
    .replace('>', `><style>${darkStyle()}text{pointer-events:none}</style>`);
}

/** FNV-1a, 32 bits: short, and enough to keep the ids of the charts of one page apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in XML and HTML, in content and in quoted attributes. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
