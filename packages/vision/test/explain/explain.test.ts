/** @file `busana explain` from photos to files. */
import { explanationSchema } from '@busana/contracts';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { explain, type ExplainRequest } from '../../src/explain/explain.ts';
import { exportArchitecture } from '../../src/export/export-architecture.ts';
import { folderWith, jpeg } from '../support/temporary.ts';
import { randomModel } from './zoo.ts';

async function photos(): Promise<string> {
  return folderWith({ 'a.jpg': await jpeg(1), 'b.jpg': await jpeg(2), 'c.jpg': 'no photo' });
}

const run = (request: Omit<ExplainRequest, 'stdin'>) =>
  explain({ threads: 1, ...request, stdin: new PassThrough().end() });

describe('explain', () => {
  it('writes a sheet, and per class an overlay, values, curves, figures and what could not be read', async () => {
    const { file } = await randomModel({ model: 'cnn', imageSize: 32 });
    const folder = await photos();
    const lines: string[] = [];
    const out = join(folder, 'why');
    const request = { given: [file, folder], wish: { attributes: ['jenis'], classes: ['all'] }, samples: 60, out };
    const { explanation } = await run({ ...request, onNotice: (line) => lines.push(line) });
    expect(explanationSchema.parse(JSON.parse(await readFile(join(out, 'explanation.json'), 'utf8')))).toEqual(
      explanation,
    );
    const [a, , c] = explanation.photos;
    expect(explanation.photos.map(({ attributions }) => attributions.length)).toEqual([2, 2, 0]);
    expect(c!.error).toContain('not a picture');
    for (const { attribute, output, explained_value, base_value, additivity_error, deletion, values } of a!
      .attributions) {
      expect(additivity_error, attribute).toBeLessThan(1e-4);
      expect(explained_value).toBeCloseTo(Math.log(output / (1 - output)), 4);
      expect(deletion!.scores[0]).toBeCloseTo(output, 4);
      const bytes = await readFile(join(out, values));
      const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset + 128, bytes.byteOffset + bytes.length));
      expect(numbers.length).toBe(32 * 32 * 3);
      expect(numbers.reduce((sum, value) => sum + value, base_value!)).toBeCloseTo(explained_value!, 4);
    }
    const files = await readdir(out);
    expect(files.filter((name) => name.endsWith('.png') && name !== 'sheet.png').length).toBe(4);
    const { width, height } = await sharp(join(out, 'sheet.png')).metadata();
    expect(width).toBeGreaterThan(1500);
    expect(height).toBeGreaterThan(1000);
    expect(lines.filter((line) => line.includes('additivity error')).length).toBe(4);
    expect((await run({ ...request, curves: false })).folder).toBe(`${out}-2`);
  });

  it('explains models of other makers, whose classes are numbers', async () => {
    const folder = await folderWith({ 'a.jpg': await jpeg(1) });
    const model = join(folder, 'other.onnx');
    await exportArchitecture({ model: 'resnet18', head: 'original', imageSize: 32, out: model });
    const wish = { classes: ['3', 'predicted'] };
    for (const method of ['partition', 'occlusion'] as const) {
      const { explanation } = await run({
        given: [model, join(folder, 'a.jpg')],
        method,
        wish,
        out: join(folder, method),
        curves: false,
        ...(method === 'partition' && { samples: 30 }),
      });
      const [photo] = explanation.photos;
      expect(photo!.attributions.map(({ attribute, code }) => [attribute, code])[0]).toEqual(['logits', '3']);
    }
    await expect(run({ given: [model, folder], method: 'gradcam', out: join(folder, 'no') })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      remedy: expect.stringContaining('partition') as string,
    });
  });

  it('refuses what it cannot do before it writes anything', async () => {
    const { file } = await randomModel({ model: 'cnn', imageSize: 32 });
    const folder = await folderWith({ 'a.jpg': await jpeg(1) });
    const out = join(folder, 'why');
    const ask = (request: Partial<ExplainRequest>) => run({ given: [file, join(folder, 'a.jpg')], out, ...request });
    await expect(ask({ wish: { attributes: ['size'] } })).rejects.toMatchObject({
      code: 'USAGE',
      remedy: 'Choose from jenis, warna.',
    });
    await expect(ask({ wish: { classes: ['green'] } })).rejects.toThrow("a class 'green'");
    await expect(ask({ method: 'gradcam', samples: 100 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(ask({ background: folder })).rejects.toMatchObject({ code: 'USAGE' });
    await writeFile(join(folder, 'broken.onnx'), 'no model');
    await expect(ask({ given: [join(folder, 'broken.onnx'), 'a.jpg'] })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    });
    expect(await readdir(folder)).toEqual(['a.jpg', 'broken.onnx']);
  });

  it('stops when asked to', async () => {
    const { file } = await randomModel({ model: 'cnn', imageSize: 32 });
    const folder = await folderWith({ 'a.jpg': await jpeg(1) });
    const controller = new AbortController();
    const request = { given: [file, folder], out: join(folder, 'why'), signal: controller.signal };
    const asked = run({ ...request, onProgress: () => controller.abort() });
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
