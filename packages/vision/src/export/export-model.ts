import { BusanaError } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import { loadModel } from '../artifact/model.ts';
import { writeOutput } from '../output/write.ts';

export const exportFormats = ['onnx', 'onnx-fp16', 'onnx-int8'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * Copies a trained model after its golden check, so that what is handed on computes here what it should.
 * @param path a model file or a run folder
 * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID, OUTPUT_UNWRITABLE; CONFIG_INVALID for a format not offered
 */
export async function exportModel(
  path: string,
  { format = 'onnx', out }: { readonly format?: ExportFormat; readonly out: string },
): Promise<{ file: string; source: string; bytes: number }> {
  if (format !== 'onnx') {
    throw new BusanaError('CONFIG_INVALID', `the format ${format} is not available yet`, {
      remedy: 'Leave --format out, or give onnx.',
    });
  }
  const model = await loadModel(path);
  await model.release();
  const bytes = await readFile(model.file);
  await writeOutput(out, bytes);
  return { file: out, source: model.file, bytes: bytes.length };
}
