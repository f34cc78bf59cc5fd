import { createSession, floats } from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exportArchitecture } from '../../src/export/export-architecture.ts';
import { encodeSafetensors } from '../../src/weights/safetensors.ts';
import { folderWith } from '../support/temporary.ts';
import { drawnImages, drawnParameters } from './drawn.ts';
import { fixture, type Evaluation } from './originals.ts';

const members = ['resnet18', 'deit_tiny_distilled', 'efficientnet_lite0', 'mobilenet_v2', 'yolo11n-cls'];

describe('an exported file with the original weights and head', () => {
  it.each(members)('gives the logits of the original %s', async (member) => {
    const { model, imageSize, gain, shapes, logits } = await fixture<Evaluation>(`${member}.logits`);
    const folder = await folderWith();
    const [weights, out] = [join(folder, 'weights.safetensors'), join(folder, 'model.onnx')];
    const specs = Object.entries(shapes).map(([name, shape]) => ({ name, shape }));
    await writeFile(weights, encodeSafetensors(drawnParameters(specs, { gain })));
    const { input, output } = await exportArchitecture({ model, weights, head: 'original', imageSize, out });
    expect(input.shape).toEqual(['N', 3, imageSize, imageSize]);
    expect(output).toEqual({ name: 'logits', shape: ['N', 1000] });
    const session = await createSession(await readFile(out));
    onTestFinished(() => session.release());
    const results = await session.run({ image: drawnImages(logits.length, imageSize) });
    expectClose(results['logits']!, floats([logits.length, 1000], logits.flat()), 1e-4, 'logits');
  });
});
