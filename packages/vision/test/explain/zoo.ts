/** @file What every architecture must do for explanations: shared by the quick and the slow tests. */
import type { TrainingConfig } from '@busana/contracts';
import { createSession, decodeModel, partOf, Random, tensor } from '@busana/engine';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { methods } from '../../src/explain/methods/table.ts';
import type { MethodSettings } from '../../src/explain/method.ts';
import { outputNamed } from '../../src/explain/places.ts';
import { compileSeededGradient } from '../../src/explain/seeded-gradient.ts';
import { targetsOf } from '../../src/explain/target.ts';
import { blobs, randomArtifact } from '../support/random-artifact.ts';
import { folderWith } from '../support/temporary.ts';

export const settings: MethodSettings = {
  samples: 12,
  masking: 'blur',
  seed: 0,
  threads: 1,
  background: async (size) => [await blobs(size).read([11]), await blobs(size).read([12])],
};

/** A model file of an architecture with random weights. */
export async function randomModel(config: Partial<TrainingConfig>): Promise<{ file: string; bytes: Uint8Array }> {
  const { bytes } = await randomArtifact(config);
  const file = join(await folderWith({}), 'model.onnx');
  await writeFile(file, bytes);
  return { file, bytes };
}

/** Long steps go over the corners of ReLU, short ones drown in the rounding of float32: pixels of 255. */
const STEPS = [0.02, 0.01, 0.005];

/**
 * Relative error of the gradient of each attribute's second class along eight directions, against central differences with
 * the best of some steps.
 */
export async function gradientError(bytes: Uint8Array, size: number): Promise<number> {
  const { graph } = decodeModel(bytes);
  const names = ['jenis', 'warna'];
  const shape = [1, size, size, 3];
  const [image] = graph.inputs;
  const part = partOf(
    graph,
    new Map([[image!, { type: 'float32', shape }]]),
    names.map((name) => outputNamed(graph, name)),
  );
  for (const name of names) part.graph.outputs.push(part.of(outputNamed(graph, name)));
  const forward = await createSession(part.graph, { threads: 1 });
  const scores = new Map(names.map((name) => [name, outputNamed(graph, name)] as const));
  const gradient = await compileSeededGradient({ graph, from: image!, shape, scores }, { threads: 1 });
  const x = Float32Array.from(await blobs(size).read([3]));
  const apart = STEPS.map(() => 0);
  let total = 0;
  for (const attribute of names) {
    const target = { attribute, classes: 0, index: 1, code: '', label: '' };
    const slopes = await gradient.run(x, target);
    for (let direction = 0; direction < 8; direction += 1) {
      const random = Random.of('direction', direction);
      const along = Float32Array.from(x, () => random.normal());
      const slope = slopes.reduce((sum, value, at) => sum + value * along[at]!, 0);
      const at = async (length: number): Promise<number> => {
        const moved = x.map((value, index) => value + length * along[index]!);
        return Number((await forward.run({ image: tensor('float32', shape, moved) }))[attribute]!.data[1]);
      };
      for (const [index, step] of STEPS.entries()) {
        apart[index]! += (((await at(step)) - (await at(-step))) / (2 * step) - slope) ** 2;
      }
      total += slope ** 2;
    }
  }
  await forward.release();
  await gradient.release();
  return Math.sqrt(Math.min(...apart) / total);
}

/** Every method gives finite values of the picture's size for every class; for some of them they are not all the same. */
export async function expectExplanations(
  file: string,
  size: number,
  names: readonly (keyof typeof methods)[],
): Promise<void> {
  const picture = await blobs(size).read([3]);
  for (const name of names) {
    const explainer = await methods[name].open(file, settings);
    const targets = targetsOf(explainer.subject, { classes: ['all'] }, await explainer.subject.answer(picture, 1));
    const attributions = await explainer.explain({ picture, targets });
    await explainer.release();
    expect(attributions.length).toBe(targets.length);
    for (const { values, channels } of attributions) {
      expect(values.length).toBe(size * size * channels);
      expect(values.every(Number.isFinite), name).toBe(true);
    }
    // Maps of a network with random weights may speak for none of some classes.
    expect(
      attributions.some(({ values }) => new Set(values).size > 1),
      name,
    ).toBe(true);
  }
}
