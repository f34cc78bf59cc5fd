/** @file The size that int8 brings a big network to; its answers are measured by tools/quantize with trained weights. */
import { expect, it } from 'vitest';
import { openModel } from '../../src/artifact/model.ts';
import { quantizeArtifact } from '../../src/export/quantize-artifact.ts';
import { blobs, randomArtifact } from '../support/random-artifact.ts';

it.each(['resnet50', 'efficientnet_lite0'])('%s in int8 has at most 0.3 of its size, and loads', async (model) => {
  const { bytes: source, metadata } = await randomArtifact({ model, imageSize: 96 });
  const calibration = Array.from({ length: 16 }, (_, index) => index);
  const { bytes } = await quantizeArtifact({ source, metadata, pictures: blobs(96), calibration });
  expect(bytes.length / source.length).toBeLessThanOrEqual(0.3);
  await (await openModel(bytes, 'int8.onnx')).release();
});
