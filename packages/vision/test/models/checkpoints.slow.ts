/**
 * @file Files that the publishers' own libraries wrote on the spot, exported, against the logits of these libraries.
 * Needs a Python with torch, torchvision, timm and ultralytics, named by BUSANA_TEST_PYTHON; skipped without.
 */
import { createSession, floats } from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { exportArchitecture } from '../../src/export/export-architecture.ts';
import { folderWith } from '../support/temporary.ts';
import { drawnImages } from './drawn.ts';

const python = process.env['BUSANA_TEST_PYTHON'];
const script = join(import.meta.dirname, '../../../../tools/reference/checkpoints.py');

const members = [
  'resnet18',
  'resnet50',
  'resnet101',
  'deit_tiny',
  'deit_base',
  'deit_base_distilled',
  'efficientnet_lite0',
  'efficientnet_lite4',
  'mobilenet_v2',
  'yolo11n-cls',
  'yolo11x-cls',
];

const describedSchema = z.object({
  model: z.string(),
  imageSize: z.int(),
  file: z.string(),
  logits: z.array(z.array(z.number())),
});

describe.skipIf(python === undefined)('a checkpoint made by the original library', () => {
  it.each(members)('%s gives the original logits once exported', async (member) => {
    const folder = await folderWith();
    await promisify(execFile)(python ?? '', [script, folder, member]);
    const described = describedSchema.parse(JSON.parse(await readFile(join(folder, `${member}.json`), 'utf8')));
    const { model, imageSize, logits } = described;
    const [weights, out] = [join(folder, described.file), join(folder, 'model.onnx')];
    await exportArchitecture({ model, weights, head: 'original', imageSize, out });
    await rm(weights);
    const session = await createSession(await readFile(out));
    onTestFinished(() => session.release());
    const results = await session.run({ image: drawnImages(logits.length, imageSize) });
    expectClose(results['logits']!, floats([logits.length, 1000], logits.flat()), 1e-4, 'logits');
  });
});
