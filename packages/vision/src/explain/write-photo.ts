/** @file Files of one explained photo, and its row of the sheet. */
import type { AttributionRecord, ExplainedScore, ExplanationMethod } from '@busana/contracts';
import { faithfulnessChart } from '../report/charts/faithfulness.ts';
import { writeChart } from '../report/write-chart.ts';
import type { RunFolder } from '../train/run-folder.ts';
import type { Finding } from './explain-photo.ts';
import { meanOverSquares } from './heat.ts';
import { encodeNpy } from './npy.ts';
import { overlayPng, photoPng } from './overlay.ts';
import { scaleOf } from './scale.ts';
import type { SheetRow } from './sheet.ts';

export interface PhotoFiles {
  /** Name of the photo in file names, of its own within the folder. */
  readonly stem: string;
  /** For people. */
  readonly name: string;
  /** Uint8 `[size, size, 3]`. */
  readonly picture: Uint8Array;
  readonly size: number;
  readonly method: ExplanationMethod;
  /** What values are shares of. */
  readonly score: ExplainedScore | null;
  /** Whether values are comparable between the classes of an attribute, which then share one scale of colours. */
  readonly oneScale: boolean;
  /** Side of the squares that pictures show means of, in pixels; 1 shows every value. */
  readonly square: number;
}

/**
 * Writes per class an overlay and the values, and the curves where they were measured.
 * @throws BusanaError OUTPUT_UNWRITABLE
 */
export async function writePhoto(
  folder: RunFolder,
  { stem, name, picture, size, method, score, oneScale, square }: PhotoFiles,
  found: readonly Finding[],
): Promise<{ records: AttributionRecord[]; row: SheetRow }> {
  const findings = found.map((finding) => ({ ...finding, heat: meanOverSquares(finding.heat, size, square) }));
  const records: AttributionRecord[] = [];
  const cells: SheetRow['cells'][number][] = [];
  for (const { target, attribution, heat, record } of findings) {
    // Classes of one attribute compare; attributes may differ by much in how far the photo moves them.
    const alike = findings.filter((other) => oneScale && other.target.attribute === target.attribute);
    const limit = scaleOf(oneScale ? alike.map((other) => other.heat) : [heat]);
    const file = `${stem}-${fileName(target.attribute)}-${fileName(target.code)}`;
    const overlay = await overlayPng(picture, heat, size, limit);
    await folder.write(`${file}.png`, overlay);
    await folder.write(`${file}.npy`, encodeNpy(attribution.values, [size, size, attribution.channels]));
    if (record.deletion !== null) {
      const title = `${name}: ${target.attribute} ${target.label}, pixels by ${method}`;
      await writeChart(folder.file('curves'), file, faithfulnessChart(title, record));
    }
    records.push({ ...record, values: `${file}.npy`, overlay: `${file}.png` });
    cells.push({ title: `${target.attribute}: ${target.label}`, note: noteOf(record, score), limit, overlay });
  }
  return { records, row: { name, photo: await photoPng(picture, size), cells } };
}

function noteOf({ output, explained_value, base_value }: Finding['record'], score: ExplainedScore | null): string {
  if (explained_value === null || base_value === null) return `output ${output.toFixed(3)}`;
  if (score === 'output') return `output ${output.toFixed(3)}, from ${base_value.toFixed(3)}`;
  return `${output.toFixed(3)}: log-odds ${base_value.toFixed(1)} to ${explained_value.toFixed(1)}`;
}

/** As it may stand in file names everywhere. */
export function fileName(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}._+-]+/gu, '_').replace(/^\.+/, '_') || '_';
}
