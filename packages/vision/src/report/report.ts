import { createHash } from 'node:crypto';
import { writeOutput } from '../output/write.ts';
import { escapeXml, renderSvg } from './chart.ts';
import { REPORT_SCRIPT } from './script.ts';
import type { Report, ReportBlock, ReportPicture, ReportSection, SummaryNumber } from './sections.ts';
import { REPORT_STYLE } from './style.ts';

/** Longer tables are folded away. */
const MOST_OPEN_ROWS = 30;
/** Whatever slips through, a browser loads nothing from elsewhere and runs nothing but the script of the report. */
function policy(): string {
  const script = createHash('sha256').update(REPORT_SCRIPT).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${script}'`;
}

/**
 * Writes a report as one self-contained HTML file that needs no network.
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writeReport(file: string, report: Report): Promise<void> {
  await writeOutput(file, await renderReport(report));
}

/** The HTML of {@link writeReport}. */
export async function renderReport({ title, lead, sections }: Report): Promise<string> {
  const parts: string[] = [];
  for (const section of sections) parts.push(await renderSection(section));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeXml(policy())}">
<title>${escapeXml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeXml(title)}</h1>
${lead === undefined ? '' : `<p class="lead">${escapeXml(lead)}</p>`}
${parts.join('\n')}
<footer>Written by busana.</footer>
</main>
<script>${REPORT_SCRIPT}</script>
</body>
</html>
`;
}

async function renderSection({ title, blocks }: ReportSection): Promise<string> {
  const parts = await joinCharts(blocks);
  return `<section>\n<h2>${escapeXml(title)}</h2>\n${parts.join('\n')}\n</section>`;
}

/** Charts that follow one another stand side by side where there is room. */
async function joinCharts(blocks: readonly ReportBlock[]): Promise<string[]> {
  const parts: string[] = [];
  let charts: string[] = [];
  const flush = (): void => {
    if (charts.length > 0) parts.push(`<div class="charts">\n${charts.join('\n')}\n</div>`);
    charts = [];
  };
  for (const block of blocks) {
    if (block.kind === 'chart') {
      charts.push(`<figure class="chart">${await renderSvg(block.chart)}</figure>`);
    } else {
      flush();
      parts.push(renderBlock(block));
    }
  }
  flush();
  return parts;
}

function renderBlock(block: Exclude<ReportBlock, { kind: 'chart' }>): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escapeXml(block.text)}</p>`;
    case 'numbers':
      return `<dl class="numbers">\n${block.numbers.map(renderNumber).join('\n')}\n</dl>`;
    case 'table':
      return renderTable(block);
    case 'pictures':
      return `<div class="pictures">\n${block.pictures.map(renderPicture).join('\n')}\n</div>`;
  }
}

function renderNumber({ label, value, note }: SummaryNumber): string {
  const comment = note === undefined ? '' : `<dd class="note">${escapeXml(note)}</dd>`;
  return `<div><dt>${escapeXml(label)}</dt><dd class="value">${escapeXml(value)}</dd>${comment}</div>`;
}

function renderTable({ header, rows, caption }: Extract<ReportBlock, { kind: 'table' }>): string {
  const numeric = header.map((_, column) => rows.length > 0 && rows.every((row) => readsAsNumber(row[column] ?? '')));
  const attributes = (column: number): string => (numeric[column] ? ' class="number"' : '');
  const head = header.map((cell, column) => `<th scope="col"${attributes(column)}>${escapeXml(cell)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell, column) => `<td${attributes(column)}>${escapeXml(cell)}</td>`).join('')}</tr>`,
  );
  const folded = rows.length > MOST_OPEN_ROWS;
  const table = [
    '<div class="table"><table>',
    caption === undefined || folded ? '' : `<caption><span>${escapeXml(caption)}</span></caption>`,
    `<thead><tr>${head}</tr></thead>`,
    `<tbody>\n${body.join('\n')}\n</tbody></table></div>`,
  ].join('\n');
  if (!folded) return table;
  return `<details><summary>${escapeXml(caption ?? 'Table')} (${rows.length} rows)</summary>\n${table}\n</details>`;
}

/** `0.63`, `1,024`, `63.2 %`, `0.597 to 0.665`, and the empty cell. */
function readsAsNumber(cell: string): boolean {
  return /^[\d\s.,%+<e-]*(to [\d\s.,%+e-]*)?$/.test(cell);
}

function renderPicture({ jpeg, caption }: ReportPicture): string {
  const source = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
  return `<figure><img src="${source}" alt="${escapeXml(caption)}"><figcaption>${escapeXml(caption)}</figcaption></figure>`;
}
