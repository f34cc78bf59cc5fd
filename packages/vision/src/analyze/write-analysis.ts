import { BusanaError, type Analysis, type AttributePair, type FileAnalysis } from '@busana/contracts';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Chart } from '../report/chart.ts';
import { countsChart } from '../report/charts/tables.ts';
import { writeReport } from '../report/report.ts';
import type { ReportBlock, ReportSection } from '../report/sections.ts';
import { writeChart } from '../report/write-chart.ts';
import { fileLines } from './lines.ts';

/** More findings than this are left to `analysis.json`. */
const MOST_ROWS = 200;

/**
 * Writes `analysis.json`, `plots/` and `report.html` into a folder, made where missing.
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writeAnalysis(folder: string, analysis: Analysis): Promise<void> {
  await writeJson(folder, analysis);
  const counts = analysis.attributes.map(({ name, values }) => {
    const bars = [{ name: 'photos', counts: values.map(({ count }) => count) }];
    const groups = { name, labels: values.map(({ label }) => label) };
    return [`counts-${name}`, countsChart({ title: `Photos per ${name}`, groups, bars })] as const;
  });
  const pairs = analysis.pairs.map((pair) => ({
    pair,
    name: `pair-${pair.rows}-${pair.columns}`,
    chart: pairChart(pair),
  }));
  for (const [name, chart] of counts) await writeChart(join(folder, 'plots'), name, chart);
  for (const { name, chart } of pairs) await writeChart(join(folder, 'plots'), name, chart);
  await writeReport(join(folder, 'report.html'), {
    title: `Data set ${analysis.source}`,
    lead: `${analysis.photos} labelled photos, ${analysis.fully_labelled} with every label, ${analysis.test_photos} test photos.`,
    sections: [
      { title: 'Counts', blocks: counts.map(([, chart]) => ({ kind: 'chart', chart })) },
      ...pairs.map(({ pair, chart }) => pairSection(pair, chart)),
      ...(analysis.files === null ? [] : fileSections(analysis.files)),
    ],
  });
}

async function writeJson(folder: string, analysis: Analysis): Promise<void> {
  const file = join(folder, 'analysis.json');
  try {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(file, `${JSON.stringify(analysis, null, 2)}\n`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BusanaError('OUTPUT_UNWRITABLE', `cannot write ${file}: ${reason}`, { cause });
  }
}

function pairChart({ rows, columns, row_labels, column_labels, counts }: AttributePair): Chart {
  return countsChart({
    title: `Photos per ${columns} and ${rows}`,
    groups: { name: columns, labels: column_labels },
    bars: row_labels.map((name, index) => ({ name, counts: counts[index]! })),
  });
}

function pairSection(pair: AttributePair, chart: Chart): ReportSection {
  const { rows, columns, row_labels, column_labels, counts, expected, verdict, implication } = pair;
  const table = (caption: string, cells: readonly (readonly string[])[]): ReportBlock => ({
    kind: 'table',
    caption,
    header: [rows, ...column_labels],
    rows: cells.map((row, index) => [row_labels[index]!, ...row]),
  });
  return {
    title: `${rows} and ${columns}`,
    blocks: [
      { kind: 'text', text: verdict },
      { kind: 'text', text: implication },
      table('Photos counted', counts.map((row) => row.map(String))), // prettier-ignore
      table('Photos expected if the two were independent', expected.map((row) => row.map((value) => value.toFixed(3)))), // prettier-ignore
      { kind: 'chart', chart },
    ],
  };
}

function fileSections(files: FileAnalysis): ReportSection[] {
  const { images, unreadable, duplicates } = files;
  const tables = [
    table('Unreadable', ['image', 'reason'], unreadable.map(({ name, reason }) => [name, reason])), // prettier-ignore
    table('Extension of another format', ['image', 'really'], images.misnamed.map(({ name, format }) => [name, format])), // prettier-ignore
    table(
      'Duplicates',
      ['image', 'image', 'kind', 'remark'],
      duplicates.map(({ first, second, kind, leak, differing }) => {
        const different = differing.length > 0 ? `different ${differing.join(' and ')}` : '';
        return [first, second, kind, leak ? 'labelled and test photo' : different];
      }),
    ),
  ];
  return [
    {
      title: 'Files',
      blocks: [...fileLines(files).map((text) => ({ kind: 'text' as const, text })), ...tables.flat()],
    },
  ];
}

function table(caption: string, header: readonly string[], rows: readonly (readonly string[])[]): ReportBlock[] {
  if (rows.length === 0) return [];
  const more = rows.length > MOST_ROWS ? `, the first ${MOST_ROWS} of ${rows.length}` : '';
  return [{ kind: 'table', caption: `${caption}${more}`, header, rows: rows.slice(0, MOST_ROWS) }];
}
