import type { Analysis, AttributePair, FileAnalysis } from '@busana/contracts';
import { basename, dirname } from 'node:path';
import type { Chart } from '../report/chart.ts';
import { countsChart } from '../report/charts/tables.ts';
import { writeReport } from '../report/report.ts';
import type { ReportBlock, ReportSection } from '../report/sections.ts';
import { writeChart } from '../report/write-chart.ts';
import { RunFolder } from '../train/run-folder.ts';
import { fileLines } from './lines.ts';

/** More findings than this are left to `analysis.json`. */
const MOST_ROWS = 200;

/**
 * Writes `analysis.json`, `plots/` and `report.html` into a new folder: the path, or `<path>-2` … when it exists.
 * @returns the folder
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writeAnalysis(path: string, analysis: Analysis): Promise<string> {
  const folder = await RunFolder.create(dirname(path), basename(path));
  await folder.writeJson('analysis.json', analysis);
  const counts = analysis.attributes.map(({ name, values }) => {
    const bars = [{ name: 'photos', counts: values.map(({ count }) => count) }];
    const groups = { name, labels: values.map(({ label }) => label) };
    return [`counts-${name}`, countsChart({ title: `Photos per ${name}`, groups, bars })] as const;
  });
  const pairs = analysis.pairs.map((pair) => [`pair-${pair.rows}-${pair.columns}`, pairChart(pair)] as const);
  for (const [name, chart] of [...counts, ...pairs]) await writeChart(folder.file('plots'), name, chart);
  await writeReport(folder.file('report.html'), {
    title: `Data set ${basename(analysis.source)}`,
    lead: `${analysis.photos} labelled photos, ${analysis.fully_labelled} with every label, ${analysis.test_photos} test photos.`,
    sections: [
      { title: 'Counts', blocks: counts.map(([, chart]) => ({ kind: 'chart', chart })) },
      ...analysis.pairs.map((pair, index) => pairSection(pair, pairs[index]![1])),
      ...(analysis.files === null ? [] : [fileSection(analysis.files)]),
    ],
  });
  return folder.path;
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
  const table = (caption: string, numbers: readonly (readonly number[])[], digits: number): ReportBlock => ({
    kind: 'table',
    caption,
    header: [rows, ...column_labels],
    rows: numbers.map((row, index) => [row_labels[index]!, ...row.map((value) => value.toFixed(digits))]),
  });
  return {
    title: `${rows} and ${columns}`,
    blocks: [
      { kind: 'text', text: verdict },
      { kind: 'text', text: implication },
      table('Photos counted', counts, 0),
      table('Photos expected if the two were independent', expected, 3),
      { kind: 'chart', chart },
    ],
  };
}

function fileSection(files: FileAnalysis): ReportSection {
  const { images, unreadable, duplicates } = files;
  const findings = [
    { caption: 'Unreadable', header: ['image', 'reason'], rows: unreadable.map(({ name, reason }) => [name, reason]) },
    {
      caption: 'Duplicates',
      header: ['image', 'image', 'kind', 'remark'],
      rows: duplicates.map(({ first, second, kind, leak, differing }) => {
        const different = differing.length > 0 ? `different ${differing.join(' and ')}` : '';
        return [first, second, kind, leak ? 'labelled and test photo' : different];
      }),
    },
    {
      caption: 'Extension of another format',
      header: ['image', 'really'],
      rows: images.misnamed.map(({ name, format }) => [name, format]),
    },
  ];
  const tables = findings.flatMap(({ caption, header, rows }): ReportBlock[] => {
    if (rows.length === 0) return [];
    const part = rows.length > MOST_ROWS ? `, the first ${MOST_ROWS} of ${rows.length}` : '';
    return [{ kind: 'table', caption: `${caption}${part}`, header, rows: rows.slice(0, MOST_ROWS) }];
  });
  return { title: 'Files', blocks: [...fileLines(files).map((text) => ({ kind: 'text' as const, text })), ...tables] };
}
