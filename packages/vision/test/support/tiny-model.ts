import { trainingConfigSchema } from '@busana/contracts';
import { join } from 'node:path';
import { train } from '../../src/train/train.ts';
import { drawShapes } from './garments.ts';

/** A run folder with a model of 32 x 32 pixels, trained for a moment, that reads `shape` and `colour`. */
export async function tinyModel(folder: string, seed = 0): Promise<string> {
  const source = join(folder, `shapes-${seed}`);
  await drawShapes(source, { count: 24, seed });
  const run = await train({
    data: { source },
    config: trainingConfigSchema.parse({ imageSize: 32, batch: 12, epochs: 1, val: 0, threads: 1, seed }),
    project: folder,
    name: `tiny-${seed}`,
    dryRun: false,
    emit: () => undefined,
  });
  return run.folder;
}
