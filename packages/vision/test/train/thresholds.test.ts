/** @file The threshold in a model file is one of the probabilities that the file answers with. */
import { metricsSchema, trainingConfigSchema } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadModel } from '../../src/artifact/model.ts';
import { readTable } from '../../src/data/csv.ts';
import { classifyPhotos } from '../../src/predict/classify.ts';
import { train } from '../../src/train/train.ts';
import { drawShapes } from '../support/garments.ts';
import { folderWith } from '../support/temporary.ts';

it('accepts the share of the held-back photos that it says it does, after calibration', async () => {
  const folder = await folderWith();
  await drawShapes(join(folder, 'shapes'), { count: 120 });
  // Smoothed labels leave the network far less sure than it may be: calibration moves every probability.
  const config = { imageSize: 32, batch: 12, epochs: 5, val: 0.4, threads: 1, lr: 0.005, labelSmoothing: 0.4 };
  const { folder: run } = await train({
    data: { source: join(folder, 'shapes') },
    config: trainingConfigSchema.parse(config),
    project: folder,
    name: 'run',
    dryRun: false,
    emit: () => undefined,
  });
  const model = await loadModel(run);
  const { accept, coverage } = model.metadata['busana.thresholds'];
  const { header, rows } = readTable(await readFile(join(run, 'predictions.csv')), 'predictions.csv');
  const cell = (name: string) => header.indexOf(name);
  const photos = rows.map(({ cells }) => {
    const name = cells[cell('image')]!;
    return { id: name, name, location: { kind: 'file' as const, path: join(folder, 'shapes', name) } };
  });
  const joint: number[] = [];
  for await (const { joint_confidence } of classifyPhotos(model, photos)) joint.push(joint_confidence);
  await model.release();
  const share = (confidences: readonly number[]) => confidences.filter((value) => value >= accept - 1e-5).length / 48;
  expect(joint).toHaveLength(48);
  expect(coverage).toBeGreaterThan(0);
  expect(share(joint)).toBeCloseTo(coverage!, 10);
  const { calibration } = metricsSchema.parse(JSON.parse(await readFile(join(run, 'metrics.json'), 'utf8')));
  expect(Object.keys(calibration.scaling!.temperatures)).toEqual(['shape', 'colour']);
  for (const temperature of Object.values(calibration.scaling!.temperatures)) expect(temperature).toBeLessThan(0.9);
});
