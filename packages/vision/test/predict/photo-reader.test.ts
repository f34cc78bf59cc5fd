import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { openPhotoReader } from '../../src/predict/photo-reader.ts';
import { predict } from '../../src/predict/predict.ts';
import { randomArtifact } from '../support/random-artifact.ts';
import { folderWith, jpeg } from '../support/temporary.ts';

it('reads photos in memory, many at once, as the command reads their files; a bad one fails no other', async () => {
  const files = { '0.jpg': await jpeg(0), '1.jpg': Buffer.from('no picture'), '2.jpg': await jpeg(2) };
  const { bytes: model } = await randomArtifact({ model: 'cnn', imageSize: 32 });
  const folder = await folderWith({ ...files, 'model.onnx': model });
  const at = (name: string): string => join(folder, name);

  const reader = await openPhotoReader(at('model.onnx'));
  const read = await Promise.all(Object.entries(files).map(([name, bytes]) => reader.read(bytes, at(name))));
  await reader.release();
  expect(read.map(({ status }) => status === 'error')).toEqual([false, true, false]);

  const stdout = new PassThrough();
  const given = [at('model.onnx'), ...Object.keys(files).map(at)];
  await predict({ given, format: 'jsonl', stdin: new PassThrough().end(), stdout });
  const lines = String(stdout.read()).trim().split('\n');
  const said = lines.map((line) => JSON.parse(line) as { image: string; status: string; joint_confidence: number });
  expect(read.map(({ image }) => image)).toEqual(said.map(({ image }) => image));
  expect(read.map(({ status }) => status)).toEqual(said.map(({ status }) => status));
  for (const [index, { joint_confidence }] of said.entries())
    expect(read[index]!.joint_confidence).toBeCloseTo(joint_confidence, 5);
});
