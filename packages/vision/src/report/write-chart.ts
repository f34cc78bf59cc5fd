import { join } from 'node:path';
import { writeOutput } from '../output/write.ts';
import { inParallel } from '../parallel.ts';
import { renderSvg, type Chart } from './chart.ts';
import { renderPng } from './png.ts';

/** Writes charts by name, as {@link writeChart} does. @throws BusanaError OUTPUT_UNWRITABLE */
export function writeCharts(folder: string, charts: readonly (readonly [name: string, chart: Chart])[]): Promise<void> {
  return inParallel(charts, ([name, chart]) => writeChart(folder, name, chart));
}

/**
 * Writes `<name>.svg`, `<name>.png` and `<name>.json` (the numbers) into a folder, made where missing.
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writeChart(folder: string, name: string, chart: Chart): Promise<void> {
  const svg = await renderSvg(chart);
  const files = [
    [`${name}.svg`, svg],
    [`${name}.png`, await renderPng(svg)],
    [`${name}.json`, `${JSON.stringify({ title: chart.title, ...chart.data }, null, 2)}\n`],
  ] as const;
  for (const [file, content] of files) await writeOutput(join(folder, file), content);
}
