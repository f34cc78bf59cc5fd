import { trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import { Graph, Network } from '@busana/engine';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classifierOptions, embed } from '../../src/models/classifier.ts';
import { architectures } from '../../src/models/registry.ts';
import { expectConsistent } from '../../src/train/settings.ts';
import { train } from '../../src/train/train.ts';
import { drawShapes } from '../support/garments.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-recompute-'));
  await drawShapes(join(folder, 'shapes'), { count: 48 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configOf = (settings: Partial<TrainingConfig>): TrainingConfig =>
  trainingConfigSchema.parse({ imageSize: 32, batch: 12, epochs: 2, val: 0.25, threads: 1, ...settings });

it('a training that computes blocks again gives the same files, byte for byte', async () => {
  const files = async (name: string, recompute: boolean): Promise<string[]> => {
    const config = configOf({ recompute, dropout: 0.2 });
    const data = { source: join(folder, 'shapes') };
    const run = { data, config, project: join(folder, 'runs'), name, dryRun: false, emit: () => undefined };
    const { folder: path } = await train(run);
    return Promise.all(['metrics.json', 'predictions.csv'].map((file) => readFile(join(path, file), 'utf8')));
  };
  expect(await files('again', true)).toEqual(await files('kept', false));
});

it.each(architectures.map(({ name }) => name))('%s says where its blocks are', (model) => {
  const network = new Network(new Graph(), { training: true });
  const image = network.graph.input('image', 'uint8', [2, 224, 224, 3]);
  embed(network, image, classifierOptions(configOf({ model, imageSize: 224 })));
  const inside = network.blocks.reduce((count, { nodes }) => count + nodes.length, 0);
  expect(inside / network.graph.nodes.length).toBeGreaterThan(0.6);
});

it('is refused together with freeze, which trains no block', () => {
  expect(() => expectConsistent(configOf({ recompute: true, freeze: true }))).toThrow('freeze leaves out');
});
