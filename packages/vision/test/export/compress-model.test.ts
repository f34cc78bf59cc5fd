/** @file Exports of a trained model in smaller forms, as a user asks for them. */
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/artifact/model.ts';
import { compressModel, type CompressRequest } from '../../src/export/compress-model.ts';
import { describeCompression } from '../../src/export/describe.ts';
import { splitPhotos } from '../../src/export/photos.ts';
import { drawShapes } from '../support/garments.ts';
import { tinyModel } from '../support/tiny-model.ts';

let folder: string;
let run: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-compress-'));
  run = await tinyModel(folder);
  await drawShapes(join(folder, 'others'), { count: 24, seed: 9 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const compress = (path: string, request: Omit<CompressRequest, 'out'>, out = join(folder, `${Math.random()}.onnx`)) =>
  compressModel(path, { ...request, out });

describe('an export in integers', () => {
  it('of a run folder is calibrated on its own photos, measured on others of them, and can be loaded', async () => {
    const result = await compress(run, { format: 'onnx-int8' });
    expect(result.calibration).toMatchObject({ method: 'percentile', photos: 12, shared: false });
    expect(result.agreement).toMatchObject({ photos: 12, emr: { after: { n: 12 } } });
    expect(result.agreement!.largest_difference).toBeLessThan(0.1);
    expect(result.bytes).toBe((await stat(result.file)).size);
    expect(result.size_ratio).toBeLessThan(0.6);
    const model = await loadModel(result.file);
    await model.release();
    expect(model.metadata['busana.provenance'].name).toBe('tiny-0-int8');
    const said = describeCompression(result).join('\n');
    expect(said).toMatch(/EMR 0\.\d{4} -> 0\.\d{4} on 12 labelled photos/);
    expect(said).toContain('the difference is what counts');
    expect(said).toMatch(/one photo: [\d.]+ -> [\d.]+ ms/);
    expect(said).toContain('processor: ');
  });

  it('takes photos without labels, by entropy as well', async () => {
    const data = { source: join(folder, 'others', 'train') };
    const calibration = { method: 'entropy' } as const;
    const { agreement, ...result } = await compress(join(run, 'model.onnx'), { format: 'onnx-int8', data, calibration, calibrationPhotos: 6 }); // prettier-ignore
    expect(result.calibration).toMatchObject({ method: 'entropy', photos: 6 });
    expect(agreement).toMatchObject({ photos: 18 });
    expect(agreement).not.toHaveProperty('emr');
  });

  it('without photos is refused, saying what to give, and leaves nothing behind', async () => {
    const out = join(folder, 'nothing.onnx');
    await expect(compress(join(run, 'model.onnx'), { format: 'onnx-int8' }, out)).rejects.toMatchObject({
      code: 'USAGE',
      remedy: expect.stringContaining('--data') as string,
    });
    await rename(join(folder, 'shapes-0'), join(folder, 'gone'));
    try {
      await expect(compress(run, { format: 'onnx-int8' }, out)).rejects.toMatchObject({ code: 'USAGE' });
    } finally {
      await rename(join(folder, 'gone'), join(folder, 'shapes-0'));
    }
    const data = { source: join(folder, 'nowhere') };
    await expect(compress(run, { format: 'onnx-int8', data }, out)).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
    expect(await readdir(folder)).not.toContain('nothing.onnx');
  });

  it('of an export in integers is refused', async () => {
    const { file } = await compress(run, { format: 'onnx-int8' });
    await expect(compress(file, { format: 'onnx-fp16' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('an export with weights in half precision', () => {
  it('needs no photos, is half the size, and answers the same', async () => {
    const { agreement, ...bare } = await compress(join(run, 'model.onnx'), { format: 'onnx-fp16' });
    expect(agreement).toBeUndefined();
    expect(describeCompression(bare).join('\n')).toContain('answers were not compared');
    const measured = await compress(run, { format: 'onnx-fp16' });
    expect(measured).not.toHaveProperty('calibration');
    expect(measured.agreement!.largest_difference).toBeLessThan(2e-3);
    const model = await loadModel(measured.file);
    await model.release();
    expect(model.metadata['busana.provenance']).toMatchObject({
      name: 'tiny-0-fp16',
      compression: { format: 'onnx-fp16' },
    });
  });
});

describe('photos to calibrate on', () => {
  it('are kept apart from those measured on, the same for a seed', () => {
    const split = splitPhotos(100, 30, 50, 1);
    expect([split.calibration.length, split.evaluation.length, split.shared]).toEqual([30, 50, false]);
    expect(split.calibration.filter((photo) => split.evaluation.includes(photo))).toEqual([]);
    expect(splitPhotos(100, 30, 50, 1)).toEqual(split);
    expect(splitPhotos(100, 30, 50, 2)).not.toEqual(split);
  });

  it('are at most half, and all where there are only a few', () => {
    expect(splitPhotos(20, 200, 1000, 0).calibration).toHaveLength(10);
    expect(splitPhotos(5, 200, 1000, 0)).toMatchObject({ shared: true });
    expect(splitPhotos(0, 200, 1000, 0)).toMatchObject({ calibration: [], evaluation: [] });
  });
});
