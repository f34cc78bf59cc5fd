import type { Explanation } from '@busana/contracts';
import { renderPng } from '../report/png.ts';
import type { RunFolder } from '../train/run-folder.ts';
import { unitLine } from './lines.ts';
import { methods } from './methods/table.ts';
import { sheetSvg, type SheetRow } from './sheet.ts';

/** Photos on one sheet: more make a picture that no program likes to open. */
const MOST_ROWS = 12;

/**
 * Writes `sheet.png`, and `sheet-2.png` … where there are many photos; none without a photo.
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writeSheets(
  folder: RunFolder,
  facts: Omit<Explanation, 'photos'>,
  rows: readonly SheetRow[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += MOST_ROWS) {
    const number = start / MOST_ROWS + 1;
    const svg = sheetSvg({
      title: `Why ${facts.model} answers so: ${facts.method}`,
      unit: unitLine(facts),
      signed: methods[facts.method].signed,
      rows: rows.slice(start, start + MOST_ROWS),
    });
    await folder.write(number === 1 ? 'sheet.png' : `sheet-${number}.png`, await renderPng(svg));
  }
}
