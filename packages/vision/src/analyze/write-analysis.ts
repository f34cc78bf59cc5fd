import { analysisSchema, type Analysis, type ColourAnalysis } from '@busana/contracts';
import { basename, dirname } from 'node:path';
import type { Dataset, Photo } from '../data/dataset.ts';
import { csvLine } from '../predict/output.ts';
import { writeReport } from '../report/report.ts';
import { writeCharts } from '../report/write-chart.ts';
import { RunFolder } from '../train/run-folder.ts';
import { colourChart, countCharts, imageCharts, pairChart } from './charts.ts';
import { findingTables } from './findings.ts';
import { analysisSections } from './sections.ts';

/**
 * Writes `analysis.json`, `garment-colours.csv` where the photos were looked at, a CSV per kind of finding in `findings/`,
 * `plots/` and `report.html` into a new folder: the path, or `<path>-2` … when it exists.
 * @param dataset what was analysed; its photos are shown in the report
 * @returns the folder
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writeAnalysis(path: string, analysis: Analysis, dataset: Dataset): Promise<string> {
  const folder = await RunFolder.create(dirname(path), basename(path));
  await folder.writeJson('analysis.json', analysisSchema.parse(analysis));
  for (const { name, header, findings } of findingTables(analysis)) {
    const lines = [header, ...findings.map(({ cells }) => cells)].map((cells) => `${csvLine(cells)}\n`);
    await folder.write(`findings/${name}.csv`, lines.join(''));
  }
  if (analysis.colours !== null) await folder.write('garment-colours.csv', coloursCsv(analysis.colours));
  const charts = [
    ...countCharts(analysis),
    ...analysis.pairs.map(pairChart),
    ...(analysis.files === null ? [] : imageCharts(analysis.files)),
    ...(analysis.colours === null ? [] : [colourChart(analysis.colours)]),
  ];
  await writeCharts(folder.file('plots'), charts);
  const photos = new Map<string, Photo>([...dataset.photos, ...dataset.test].map((photo) => [photo.name, photo]));
  await writeReport(folder.file('report.html'), {
    title: `Data set ${basename(analysis.source)}`,
    lead: `${analysis.photos} labelled photos, ${analysis.fully_labelled} with every label, ${analysis.test_photos} test photos.`,
    sections: await analysisSections(analysis, (name) => photos.get(name)),
  });
  return folder.path;
}

/** A row per colour of a photo, the largest share first. */
function coloursCsv({ photos }: ColourAnalysis): string {
  const rows = photos.flatMap(({ photo: { name, row }, colours }) =>
    colours.map(({ en, id, hex, share }, at) => [
      name,
      String(row ?? ''),
      String(at + 1),
      en,
      id,
      hex,
      share.toFixed(4),
    ]),
  );
  const header = ['image', 'row', 'rank', 'colour', 'warna', 'hex', 'share'];
  return [header, ...rows].map((cells) => `${csvLine(cells)}\n`).join('');
}
