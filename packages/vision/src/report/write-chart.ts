import { BusanaError } from '@busana/contracts';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { renderSvg, type Chart } from './chart.ts';
import { renderPng } from './png.ts';

/**
 * Writes `<name>.svg`, `<name>.png` and `<name>.json` (the numbers) into a folder, made where missing.
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writeChart(folder: string, name: string, chart: Chart): Promise<void> {
  const svg = renderSvg(chart);
  const files = [
    [`${name}.svg`, svg],
    [`${name}.png`, await renderPng(svg)],
    [`${name}.json`, `${JSON.stringify({ title: chart.title, ...chart.data }, null, 2)}\n`],
  ] as const;
  try {
    await mkdir(folder, { recursive: true });
    for (const [file, content] of files) await writeFileAtomic(join(folder, file), content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BusanaError('OUTPUT_UNWRITABLE', `cannot write chart ${join(folder, name)}: ${reason}`, { cause });
  }
}
