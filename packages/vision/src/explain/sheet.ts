/** @file The sheet of all explanations, as shap's image plot: a row per photo, a column per output. */
import { escapeXml } from '../report/chart.ts';
import { FONT, INK } from '../report/theme.ts';
import { AGAINST, FOR } from './scale.ts';

export interface SheetCell {
  /** First line: attribute and class; second: its output; third: what the full colour stands for. */
  readonly title: string;
  readonly note: string;
  /** The absolute value at the ends of its colours. */
  readonly limit: number;
  /** PNG. */
  readonly overlay: Uint8Array;
}

export interface SheetRow {
  readonly name: string;
  /** PNG. */
  readonly photo: Uint8Array;
  readonly cells: readonly SheetCell[];
}

export interface Sheet {
  readonly title: string;
  /** What the values are, under the colour bars. */
  readonly unit: string;
  /** Whether values can be negative: the bar then has both ends. */
  readonly signed: boolean;
  readonly rows: readonly SheetRow[];
}

const CELL = 200;
const GAP = 20;
const MARGIN = 24;
const HEAD = 84;
const CAPTION = 60;
const BAR = 96;

/** An SVG with the pictures inside; light only, like the photos. */
export function sheetSvg({ title, unit, signed, rows }: Sheet): string {
  const columns = 1 + Math.max(0, ...rows.map(({ cells }) => cells.length));
  const width = 2 * MARGIN + columns * (CELL + GAP) + BAR;
  const height = HEAD + rows.length * (CELL + CAPTION + GAP) + MARGIN;
  const body = rows.map((row, index) => rowSvg(row, HEAD + index * (CELL + CAPTION + GAP), columns, signed));
  const [from, to] = [`rgb(${AGAINST.join()})`, `rgb(${FOR.join()})`] as const;
  const stops = signed
    ? `<stop offset="0" stop-color="${to}"/><stop offset="0.5" stop-color="#fff"/><stop offset="1" stop-color="${from}"/>`
    : `<stop offset="0" stop-color="${to}"/><stop offset="1" stop-color="#fff"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" fill="${INK.text}" role="img" aria-label="${escapeXml(title)}">
<defs><linearGradient id="scale" x1="0" y1="0" x2="0" y2="1">${stops}</linearGradient></defs>
<rect width="${width}" height="${height}" fill="${INK.background}"/>
<text x="${MARGIN}" y="40" font-size="18" font-weight="600">${escapeXml(title)}</text>
<text x="${MARGIN}" y="62" font-size="13" fill="${INK.muted}">${escapeXml(unit)}</text>
${body.join('\n')}
</svg>`;
}

function rowSvg({ name, photo, cells }: SheetRow, top: number, columns: number, signed: boolean): string {
  const picture = (png: Uint8Array, column: number): string =>
    `<image x="${MARGIN + column * (CELL + GAP)}" y="${top + CAPTION}" width="${CELL}" height="${CELL}" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`;
  const text = (column: number, line: number, content: string, style: string): string =>
    `<text x="${MARGIN + column * (CELL + GAP)}" y="${top + 16 + 18 * line}" font-size="13" ${style}>${escapeXml(shorten(content))}</text>`;
  return [
    text(0, 0, name, 'font-weight="600"'),
    picture(photo, 0),
    ...cells.flatMap(({ title, note, limit, overlay }, at) => [
      text(at + 1, 0, title, 'font-weight="600"'),
      text(at + 1, 1, note, `fill="${INK.muted}"`),
      text(at + 1, 2, `full colour: ${signed ? '±' : ''}${limit.toExponential(1)}`, `fill="${INK.muted}"`),
      picture(overlay, at + 1),
    ]),
    colourBar(MARGIN + columns * (CELL + GAP), top + CAPTION, signed),
  ].join('\n');
}

function colourBar(x: number, y: number, signed: boolean): string {
  const label = (at: number, text: string): string =>
    `<text x="${x + 20}" y="${at}" font-size="12" fill="${INK.muted}">${text}</text>`;
  const labels = signed
    ? [label(y + 10, 'for'), label(y + CELL / 2 + 4, '0'), label(y + CELL, 'against')]
    : [label(y + 10, 'most'), label(y + CELL, '0')];
  return `<rect x="${x}" y="${y}" width="12" height="${CELL}" fill="url(#scale)" stroke="${INK.line}"/>${labels.join('')}`;
}

/** As many characters as fit over a picture. */
function shorten(text: string): string {
  const most = Math.floor(CELL / 7);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
