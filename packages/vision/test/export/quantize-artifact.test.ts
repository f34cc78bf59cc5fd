import { createSession, tensor } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/artifact/model.ts';
import { agreement, probabilitiesOf } from '../../src/export/agreement.ts';
import { chooseFloatLayers } from '../../src/export/float-layers.ts';
import { quantizeArtifact } from '../../src/export/quantize-artifact.ts';
import { blobs, randomArtifact, type RandomArtifact } from '../support/random-artifact.ts';

const positions = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => index + from);

/** Answers and embeddings of both forms to pictures that were not calibrated on. */
async function compared({ bytes, metadata }: RandomArtifact, size: number, compressed: Uint8Array) {
  const held = positions(16, 100);
  const models = [await openModel(bytes, 'before'), await openModel(compressed, 'after')];
  const answers = [];
  const embeddings = [];
  for (const model of models) {
    const ask = (images: Uint8Array, count: number) => model.answer([images], count);
    answers.push(await probabilitiesOf(ask, metadata['busana.schema'], blobs(size), held));
    embeddings.push((await ask(await blobs(size).read(held), held.length))['embedding']!);
    await model.release();
  }
  const [before, after] = embeddings as [Float32Array, Float32Array];
  const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
  return {
    ...agreement(answers[0]!, answers[1]!, held.length),
    embeddingError: norm(after.map((x, index) => x - before[index]!)) / norm(before),
  };
}

describe('a model in integers', () => {
  const networks: [string, number, number][] = [
    ['efficientnet_lite0', 64, 0.3],
    ['yolo11n-cls', 64, 0.3],
    ['cnn', 32, 0.5],
  ];
  it.each(networks)('of %s answers nearly as before, in a smaller file', async (model, imageSize, share) => {
    const artifact = await randomArtifact({ model, imageSize });
    const pictures = blobs(imageSize);
    const { bytes } = await quantizeArtifact({ source: artifact.bytes, metadata: artifact.metadata, pictures, calibration: positions(16) }); // prettier-ignore
    expect(bytes.length / artifact.bytes.length).toBeLessThan(share);
    expect((await compared(artifact, imageSize, bytes)).embeddingError).toBeLessThan(0.05);
  });

  it('knows what it is, and passes a golden check of its own with and without integer kernels', async () => {
    const { bytes: source, metadata } = await randomArtifact({ model: 'cnn', imageSize: 32 });
    const quantized = await quantizeArtifact({ source, metadata, pictures: blobs(32), calibration: positions(12) });
    const model = await openModel(quantized.bytes, 'model.onnx');
    await model.release();
    const { 'busana.provenance': provenance, 'busana.golden': golden } = model.metadata;
    const changed = { 'busana.provenance': provenance, 'busana.golden': golden };
    expect(model.metadata).toEqual({ ...metadata, ...changed });
    expect(provenance).toMatchObject({
      ...metadata['busana.provenance'],
      name: 'random-int8',
      compression: { format: 'onnx-int8', calibration: { method: 'percentile', photos: 12 } },
    });
    expect(golden.tolerance).toMatchObject({ jenis: expect.any(Number) as number });
    const plain = await createSession(quantized.bytes, { optimization: 'none' });
    const fused = await createSession(quantized.bytes);
    const feeds = { image: tensor('uint8', [1, 32, 32, 3], await blobs(32).read([3])) };
    const [a, b] = [await plain.run(feeds), await fused.run(feeds)];
    await plain.release();
    await fused.release();
    for (const [name, { data }] of Object.entries(a)) {
      const apart = Array.from<number | bigint, number>(data, (value, index) =>
        Math.abs(Number(value) - Number(b[name]!.data[index])),
      );
      expect(Math.max(...apart)).toBeLessThan(golden.tolerance![name]!);
    }
  });

  it('is the same for the same photos', async () => {
    const { bytes: source, metadata } = await randomArtifact({ model: 'cnn', imageSize: 32 });
    const request = { source, metadata, pictures: blobs(32), calibration: positions(8) };
    const [a, b] = [await quantizeArtifact(request), await quantizeArtifact(request)];
    expect(Buffer.from(a.bytes).equals(Buffer.from(b.bytes))).toBe(true);
  });

  it('leaves the layer in float32 whose weights have outliers', async () => {
    // A channel that is always 0 behind its Relu, read with enormous weights: they change nothing in float32, and
    // leave the other weights no steps in integers.
    const artifact = await randomArtifact({ model: 'cnn', imageSize: 96 }, (name, values) => {
      if (name === 'features.0.norm.bias') values[0] = -1000;
      if (name === 'features.1.conv.weight') {
        for (let filter = 0; filter < 32; filter += 1) values.fill(50, filter * 16 * 9, filter * 16 * 9 + 9);
      }
    });
    const request = { source: artifact.bytes, metadata: artifact.metadata, pictures: blobs(96) };
    const { floatLayers, bytes } = await quantizeArtifact({ ...request, calibration: positions(16) });
    expect(floatLayers[0]).toBe('features.1.conv');
    expect(bytes.length / artifact.bytes.length).toBeLessThan(0.3);
    expect((await compared(artifact, 96, bytes)).largest_difference).toBeLessThan(0.02);
  });
});

describe('the choice of layers in float32', () => {
  const artifact = randomArtifact({ model: 'cnn', imageSize: 32 });
  const layersOf = async () => {
    const { decodeModel, foldConstants, integerLayers } = await import('@busana/engine');
    return integerLayers(foldConstants(decodeModel((await artifact).bytes).graph));
  };

  /** A stand-in whose distance is a sum over the layers in integers, and whose bytes count those in float32. */
  const choose = async (harm: readonly number[], mostGrowth: number) => {
    const layers = (await layersOf()).slice(0, harm.length);
    const harmOf = new Map(layers.map(({ name }, index) => [name, harm[index]!]));
    let measured = 0;
    const result = await chooseFloatLayers(layers, new Map(layers.map(({ name }, index) => [name, index])), {
      encode: (some) =>
        Uint8Array.from({ length: 1 + layers.length - some.length }, (_, at) => (at === 0 ? code(some) : 0)),
      measure: (bytes) => {
        measured += 1;
        const kept = layers.filter((_, index) => (bytes[0]! & (1 << index)) !== 0);
        return Promise.resolve(kept.reduce((sum, { name }) => sum + harmOf.get(name)!, 0));
      },
      mostGrowth,
    });
    function code(some: readonly (typeof layers)[number][]): number {
      return layers.reduce((bits, layer, index) => bits | (some.includes(layer) ? 1 << index : 0), 0);
    }
    return { ...result, measured, names: layers.map(({ name }) => name) };
  };

  it('keeps all in integers where the answers hardly change', async () => {
    expect(await choose([0.001, 0.001], 99)).toMatchObject({ float: [], measured: 1 });
  });

  it('takes the harmful, passes over noise that does not matter, and stops when it is good enough', async () => {
    const { float, names, divergence } = await choose([0.0001, 0.1, 0.004], 99);
    expect(float).toEqual([names[1]]);
    expect(divergence).toBeCloseTo(0.0041, 6);
  });

  it('stays within the size', async () => {
    const { float, names } = await choose([0.1, 0.1, 0.1], 1);
    expect(float).toEqual([names[0]]);
  });
});
