import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel, type Model } from '../../src/artifact/model.ts';
import { shippedModel } from '../../src/artifact/shipped.ts';
import type { Photo } from '../../src/data/dataset.ts';
import { answerBatch } from '../../src/predict/answer-batch.ts';
import { openModelThread } from '../../src/predict/model-thread.ts';
import { readerOf } from '../../src/predict/picture-reader.ts';
import { photoPreparer } from '../../src/predict/prepare-photo.ts';
import { randomArtifact } from '../support/random-artifact.ts';
import { folderWith, jpeg } from '../support/temporary.ts';

const photoAt = (path: string): Photo => ({ id: path, name: path, location: { kind: 'file', path } });

describe('what a model says of a batch', () => {
  let model: Model;
  beforeAll(async () => {
    model = await openModel((await randomArtifact({ model: 'cnn', imageSize: 32 })).bytes, 'random.onnx');
  }, 60_000);
  afterAll(() => model.release());

  it('has labels, reasons and the embedding of each photo, in the order given', async () => {
    const folder = await folderWith({ '0.jpg': await jpeg(0), '1.jpg': 'no picture', '2.jpg': await jpeg(2) });
    const prepare = photoPreparer(model.sizes);
    const batch = await Promise.all([0, 1, 2].map((number) => prepare(photoAt(`${folder}/${number}.jpg`))));
    const answers = await answerBatch(readerOf(model), batch);
    expect(answers.map(({ prediction }) => prediction.image)).toEqual(batch.map(({ photo }) => photo.name));
    for (const at of [0, 2]) {
      const [prepared] = [batch[at]!];
      if (!('pictures' in prepared)) throw new Error(prepared.reason);
      const alone = await model.answer(prepared.pictures, 1);
      expect(answers[at]!.embedding!.length).toBe(alone['embedding']!.length);
      const apart = answers[at]!.embedding!.map((value, index) => Math.abs(value - alone['embedding']![index]!));
      expect(Math.max(...apart)).toBeLessThan(1e-5);
      expect(answers[at]!.prediction.attributes.map(({ name }) => name)).toEqual(['jenis', 'warna']);
      expect(answers[at]!.reasons.join('; ')).toBe(answers[at]!.prediction.reason);
    }
    expect(answers[1]).toMatchObject({
      prediction: { status: 'error', attributes: [], joint_confidence: 0 },
      reasons: [expect.stringMatching(/not a picture/)],
      embedding: undefined,
    });
    expect(batch[1]).toMatchObject({ code: 'IMAGE_UNREADABLE' });
  });

  it('is nothing of no photo, and does not ask the network where none can be read', async () => {
    const folder = await folderWith({ 'a.jpg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' });
    const reader = readerOf({ ...model, answer: () => Promise.reject(new Error('asked')) });
    expect(await answerBatch(reader, [])).toEqual([]);
    const [drawing] = await answerBatch(reader, [await photoPreparer([32])(photoAt(`${folder}/a.jpg`))]);
    expect(drawing!.prediction).toMatchObject({ status: 'error', reason: 'the content is svg, not a photo' });
  });
});

describe('a model in a thread of its own', () => {
  it('says the same as beside its caller, who goes on meanwhile; two models are told apart', async () => {
    const artifacts = await Promise.all([32, 48].map((imageSize) => randomArtifact({ model: 'cnn', imageSize })));
    const folder = await folderWith({
      '0.onnx': artifacts[0]!.bytes,
      '1.onnx': artifacts[1]!.bytes,
      'a.jpg': await jpeg(3),
    });
    for (const at of [1, 0]) {
      const path = `${folder}/${at}.onnx`;
      const [here, there] = [await openModel(artifacts[at]!.bytes, path), await openModelThread(path)];
      expect(there).toMatchObject({ file: path, metadata: here.metadata, sizes: here.sizes });
      const batch = [await photoPreparer(here.sizes)(photoAt(`${folder}/a.jpg`))];
      expect(await answerBatch(there, batch)).toEqual(await answerBatch(readerOf(here), batch));
      await Promise.all([here.release(), there.release()]);
    }
  });

  it('tells what is wrong with a file as it does here, and goes on', async () => {
    const folder = await folderWith({ 'broken.onnx': 'no model' });
    await expect(openModelThread(`${folder}/broken.onnx`)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      name: 'BusanaError',
    });
    await expect(openModelThread(`${folder}/none.onnx`)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it.skipIf(!existsSync('/proc/self'))('takes the memory of its largest batch when it is loaded', async () => {
    const thread = await openModelThread((await shippedModel())!, { threads: 1 });
    const { sizes } = thread;
    const read = (count: number) => thread.read(sizes.map((size) => new Uint8Array(count * size * size * 3)), count); // prettier-ignore
    const loaded = process.memoryUsage.rss();
    for (const count of [1, 4, 9, 14, 15, 16, 16]) await read(count);
    const grown = (process.memoryUsage.rss() - loaded) / 2 ** 20;
    await thread.release();
    // Pictures and answers on their way come to some 10 MiB, the memory of the largest batch to 150.
    expect(grown).toBeLessThan(60);
  });
});
