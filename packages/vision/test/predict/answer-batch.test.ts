import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel, type Model } from '../../src/artifact/model.ts';
import type { Photo } from '../../src/data/dataset.ts';
import { batchAnswerer } from '../../src/predict/answer-batch.ts';
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
    const answers = await batchAnswerer(model)(batch);
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
    const answer = batchAnswerer({ ...model, answer: () => Promise.reject(new Error('asked')) });
    expect(await answer([])).toEqual([]);
    const [drawing] = await answer([await photoPreparer([32])(photoAt(`${folder}/a.jpg`))]);
    expect(drawing!.prediction).toMatchObject({ status: 'error', reason: 'the content is svg, not a photo' });
  });
});
