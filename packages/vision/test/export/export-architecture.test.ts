import { createSession, floats, initialise, Network, Graph, Random, type Session, type Value } from '@busana/engine';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exportArchitecture } from '../../src/export/export-architecture.ts';
import { originalHead } from '../../src/models/original-head.ts';
import { architectureNamed } from '../../src/models/registry.ts';
import { encodeSafetensors } from '../../src/weights/safetensors.ts';
import { folderWith } from '../support/temporary.ts';

const SIZE = 32;
const model = 'mobilenet_v2';
const random = Random.of('pictures of the export');
const image = floats(
  [2, 3, SIZE, SIZE],
  Array.from({ length: 2 * 3 * SIZE * SIZE }, () => random.normal()),
);

async function open(file: string): Promise<Session> {
  const session = await createSession(await readFile(file));
  onTestFinished(() => session.release());
  return session;
}

/** The architecture as the library builds it, not through the export. */
function specsWith(classes: number): Network['specs'] {
  const network = new Network(new Graph(), { training: false });
  const input: Value = network.graph.input('image', 'float32', ['N', 3, SIZE, SIZE]);
  const options = { imageSize: SIZE, stochasticDepth: 0, attention: 'none' as const };
  const architecture = architectureNamed(model);
  originalHead(network, architecture.backbone(network, input, options), architecture, classes);
  return network.specs;
}

describe('the export of an architecture', () => {
  it('has the original classifier and parameter count, takes any batch, and says that its weights are random', async () => {
    const out = join(await folderWith(), 'model.onnx');
    const result = await exportArchitecture({ model, imageSize: SIZE, out });
    expect(result).toMatchObject({
      parameters: 3_504_872,
      input: { name: 'image', shape: ['N', 3, SIZE, SIZE] },
      output: { name: 'logits', shape: ['N', 1000] },
    });
    expect(result.notes.join()).toContain('random start values');
    const { logits } = await (await open(out)).run({ image });
    expect(logits?.shape).toEqual([2, 1000]);
  });

  it('gives the embedding without a head, the same for the same seed', async () => {
    const folder = await folderWith();
    const files = ['a.onnx', 'b.onnx', 'c.onnx'].map((name) => join(folder, name));
    for (const [index, out] of files.entries()) {
      const result = await exportArchitecture({ model, imageSize: SIZE, head: 'none', seed: index === 2 ? 8 : 7, out });
      expect(result.output).toEqual({ name: 'embedding', shape: ['N', 1280] });
    }
    const [a, b, c] = await Promise.all(files.map((file) => readFile(file)));
    expect(a!.equals(b!)).toBe(true);
    expect(a!.equals(c!)).toBe(false);
  });

  it('computes with the weights of a file, and has as many classes as that has', async () => {
    const parameters = initialise(specsWith(5), 3);
    const folder = await folderWith();
    const weights = join(folder, 'weights.safetensors');
    await writeFile(weights, encodeSafetensors(parameters));
    const [given, seeded, other] = ['given.onnx', 'seeded.onnx', 'other.onnx'].map((name) => join(folder, name));
    const result = await exportArchitecture({ model, imageSize: SIZE, weights, seed: 99, out: given! });
    expect(result).toMatchObject({ weights, output: { name: 'logits', shape: ['N', 5] } });
    expect(result.notes.join()).not.toContain('random');
    // Start values are drawn by seed and name, so that of the embedding those of seed 3 are known.
    await exportArchitecture({ model, imageSize: SIZE, head: 'none', seed: 3, out: seeded! });
    await exportArchitecture({ model, imageSize: SIZE, head: 'none', weights, seed: 99, out: other! });
    const known = await (await open(seeded!)).run({ image });
    const found = await (await open(other!)).run({ image });
    expect(found['embedding']!.data).toEqual(known['embedding']!.data);
    const { logits } = await (await open(given!)).run({ image });
    const [weight, bias] = ['weight', 'bias'].map((name) => parameters.get(`classifier.1.${name}`)!.data);
    const embedding = known['embedding']!.data;
    for (let photo = 0; photo < 2; photo += 1) {
      for (let label = 0; label < 5; label += 1) {
        let expected = Number(bias![label]);
        for (let i = 0; i < 1280; i += 1)
          expected += Number(weight![label * 1280 + i]) * Number(embedding[photo * 1280 + i]);
        expect(Number(logits!.data[photo * 5 + label])).toBeCloseTo(expected, 5);
      }
    }
  });

  it('names what is wrong with a request', async () => {
    const out = join(await folderWith(), 'model.onnx');
    const refused = (request: object, code: string) =>
      expect(exportArchitecture({ model, out, ...request })).rejects.toMatchObject({ code });
    await refused({ model: 'nonsense' }, 'CONFIG_INVALID');
    await refused({ imageSize: 8 }, 'CONFIG_INVALID');
    await refused({ attention: 'se' }, 'CONFIG_INVALID');
    await refused({ weights: 'no/such.pth' }, 'WEIGHTS_UNAVAILABLE');
  });
});
