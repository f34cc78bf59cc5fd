import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawWardrobe } from '@busana/vision';
import { runBinary } from './support/binary.ts';

let folder: string;

const busana = (...args: string[]) => runBinary(folder, args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-weights-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('busana weights', () => {
  it('lists addresses with their hash, and what has to be brought', async () => {
    const { code, stdout } = await busana('weights', 'list', '--cache', 'cache', '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as { name: string; sha256?: string; present?: boolean; reason?: string }[];
    const row = (name: string) => rows.find((candidate) => candidate.name === name);
    expect(row('resnet50')).toMatchObject({
      sha256: '0676ba61',
      present: false,
      licence: 'BSD-3-Clause (torchvision)',
    });
    expect(row('yolo11x-cls')?.reason).toContain('bring your own file');
  });

  it('refuses what is not the published file, and what is not offered', async () => {
    await mkdir(join(folder, 'cache', 'weights'), { recursive: true });
    await writeFile(join(folder, 'cache', 'weights', 'resnet18-f37072fd.pth'), 'not the weights');
    const wrong = await busana('weights', 'pull', 'resnet18', '--cache', 'cache');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/^error WEIGHTS_INVALID: .*resnet18-f37072fd\.pth is not the file published/);
    const own = await busana('weights', 'pull', 'yolo11n-cls');
    expect(own.code).toBe(1);
    expect(own.stderr).toMatch(/^error WEIGHTS_UNAVAILABLE: .*licence/);
    expect((await busana('weights', 'pull')).code).toBe(2);
  });
});

describe('busana export', () => {
  it('writes an architecture and says that its weights are random', async () => {
    const args = ['--model', 'mobilenet_v2', '--head', 'none', '--image-size', '32'];
    const { code, stdout } = await busana('export', ...args, '--out', 'embedding.onnx');
    expect(code).toBe(0);
    expect(stdout).toContain('random');
    expect(stdout).toContain('image [N, 3, 32, 32] -> embedding [N, 1280]');
    expect((await readFile(join(folder, 'embedding.onnx'))).length).toBeGreaterThan(8_000_000);
  });

  it('names the command that gets missing weights', async () => {
    const args = ['--model', 'resnet34', '--weights', 'resnet34', '--cache', 'cache', '--out', 'x.onnx'];
    const { code, stderr } = await busana('export', ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error WEIGHTS_UNAVAILABLE: .*\nRun busana weights pull resnet34\. /);
  });

  it('copies a trained model after its golden check, and a damaged one not at all', async () => {
    await drawWardrobe(join(folder, 'photos'), { count: 24, test: 0, seed: 0, size: 48 });
    const fast = ['--epochs', '1', '--image-size', '32', '--batch', '8', '--threads', '1', '--name', 'first'];
    expect((await busana('train', '--data', 'photos', ...fast)).code).toBe(0);
    expect((await busana('export', 'runs/first', '--format', 'onnx', '--out', 'copy.onnx')).code).toBe(0);
    const model = await readFile(join(folder, 'runs', 'first', 'model.onnx'));
    expect(model.equals(await readFile(join(folder, 'copy.onnx')))).toBe(true);
    await writeFile(join(folder, 'damaged.onnx'), model.subarray(0, model.length / 2));
    const damaged = await busana('export', 'damaged.onnx', '--out', 'no.onnx');
    expect(damaged.stderr).toMatch(/^error MODEL_INVALID: /);
    await expect(readFile(join(folder, 'no.onnx'))).rejects.toThrow('ENOENT');
  });

  it('halves a trained model, and refuses to compress an architecture or to take none or two models', async () => {
    const half = await busana('export', 'runs/first', '--format', 'onnx-fp16', '--out', 'half.onnx');
    expect(half.code).toBe(0);
    const [whole, halved] = [await readFile(join(folder, 'copy.onnx')), await readFile(join(folder, 'half.onnx'))];
    expect(halved.length / whole.length).toBeLessThan(0.6);
    for (const format of ['onnx-int8', 'onnx-fp16']) {
      const { code, stderr } = await busana('export', '--model', 'cnn', '--format', format, '--out', 'x.onnx');
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error CONFIG_INVALID: .*is for trained models/);
    }
    for (const args of [[], ['runs/first', '--model', 'cnn']]) {
      const { code, stderr } = await busana('export', ...args, '--out', 'x.onnx');
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error USAGE: /);
    }
  });
});

describe('busana export --format onnx-int8', () => {
  it('calibrates on the photos of the run, says what that costs and gains, and writes a model', async () => {
    const { code, stdout, stderr } = await busana(
      ...['export', 'runs/first', '--format', 'onnx-int8', '--out', 'small.onnx'],
      ...['--calibration-photos', '8', '--json'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'onnx-int8',
      calibration: { method: 'percentile', percent: 99.999, photos: 8, layers: 7 },
      agreement: { photos: 16 },
      speed: { runs: 31 },
    });
    expect(stderr).toContain('bytes, 0.');
    expect(stderr).toMatch(/one photo: .* on this machine/);
    expect((await busana('predict', 'small.onnx', 'photos/train', '--out', 'p.csv')).code).toBe(0);
    expect(await readFile(join(folder, 'p.csv'), 'utf8')).toContain('first-int8');
  });

  it('refuses a model without photos, and flags that make no sense', async () => {
    const refused = async (...args: string[]) => {
      const { code, stderr } = await busana('export', 'copy.onnx', '--format', 'onnx-int8', '--out', 'x.onnx', ...args);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused()).toMatch(/^error USAGE: .*needs photos[^]*--data/);
    expect(await refused('--data', 'photos', '--percentile', '20')).toMatch(/^error CONFIG_INVALID: /);
    expect(await refused('--data', 'photos', '--calibration', 'entropy', '--percentile', '99')).toMatch(/^error USAGE/);
    expect(await refused('--data', 'photos', '--calibration-photos', '0')).toMatch(/^error CONFIG_INVALID: /);
  });
});

describe('busana models', () => {
  it('shows cost, normalisation and licence of weights, all of it with --json', async () => {
    const { stdout } = await busana('models');
    expect(stdout).toMatch(/^name +parameters +million MACs +input +normalisation +licence of weights +source\n/);
    const rows = JSON.parse((await busana('models', '--json')).stdout) as { name: string }[];
    expect(rows.find(({ name }) => name === 'resnet50')).toMatchObject({
      parameters: 23_508_032,
      macs: expect.any(Number) as unknown,
      normalise: 'imagenet',
      weightsLicence: 'BSD-3-Clause (torchvision)',
      defaultImageSize: 224,
    });
  });
});
