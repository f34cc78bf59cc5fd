import { readFile } from 'node:fs/promises';
import { loadModel } from '../artifact/model.ts';
import { writeOutput } from '../output/write.ts';

/**
 * Copies a trained model after its golden check, so that what is handed on computes here what it should.
 * @param path a model file or a run folder
 * @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID, OUTPUT_UNWRITABLE
 */
export async function exportModel(
  path: string,
  { out, threads = 0 }: { readonly out: string; readonly threads?: number },
): Promise<{ file: string; source: string; bytes: number }> {
  const model = await loadModel(path, { threads });
  await model.release();
  const bytes = await readFile(model.file);
  await writeOutput(out, bytes);
  return { file: out, source: model.file, bytes: bytes.length };
}
