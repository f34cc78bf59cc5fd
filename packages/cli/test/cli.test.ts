import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawWardrobe } from '@busana/vision';
import { runBinary } from './support/binary.ts';

let folder: string;
const busana = (args: readonly string[], onOutput?: Parameters<typeof runBinary>[2]) =>
  runBinary(folder, args, onOutput);
const fast = ['--image-size', '32', '--batch', '12', '--threads', '1', '--lr', '0.005'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-cli-'));
  await drawWardrobe(join(folder, 'photos'), { count: 60, test: 0, seed: 0, size: 48 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the command line', () => {
  it('shows help with an example for every command', async () => {
    const { code, stdout } = await busana(['--help']);
    expect(code).toBe(0);
    for (const name of ['demo', 'analyze', 'train', 'compare', 'evaluate', 'predict', 'explain', 'models', 'doctor']) {
      expect(stdout).toContain(name);
    }
    const help = await busana(['train', '--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(/Example:\n {2}busana train --data/);
  });

  it('answers a wrong command with exit 2 and says what it takes', async () => {
    for (const args of [['nonsense'], ['train'], ['train', '--data', 'x', '--no-such-flag']]) {
      const { code, stderr } = await busana(args);
      expect(code).toBe(2);
      expect(stderr).toContain('--help');
    }
  });

  it('names every wrong setting and refuses what it does not offer', async () => {
    const wrong = await busana(['train', '--data', 'photos', '--epochs', '0', '--optimizer', 'magic']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/^error CONFIG_INVALID: /);
    expect(wrong.stderr).toContain('epochs');
    expect(wrong.stderr).toContain('optimizer');
    expect(wrong.stderr).not.toMatch(/\n\s+at /);
    expect((await busana(['train', '--data', 'photos', '--device', 'tpu'])).stderr).toContain("'tpu'");
    const unknown = await busana(['train', '--data', 'photos', '--weights', 'nowhere.pth', '--image-size', '32']);
    expect(unknown.code).not.toBe(0);
    expect(unknown.stderr).toMatch(/^error WEIGHTS_UNAVAILABLE: .*nowhere\.pth/m);
  });

  it('says where data is missing, without a stack trace unless asked', async () => {
    const plain = await busana(['analyze', '--data', 'nowhere']);
    expect(plain.code).toBe(2);
    expect(plain.stderr).toMatch(/^error DATA_NOT_FOUND: nowhere does not exist\n/);
    expect(plain.stderr).not.toMatch(/\n\s+at /);
    expect((await busana(['analyze', '--data', 'nowhere', '--debug'])).stderr).toMatch(/\n\s+at /);
  });

  it('prints one JSON document on stdout with --json', async () => {
    const { code, stdout } = await busana(['analyze', '--data', 'photos', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ photos: 60, attributes: [{ name: 'jenis' }, { name: 'warna' }] });
  });

  it('takes settings from a file, and flags over the file', async () => {
    await writeFile(join(folder, 'settings.yaml'), 'epochs: 1\nimageSize: 32\nbatch: 12\nseed: 3\n');
    const args = [
      'train',
      '--data',
      'photos',
      '--config',
      'settings.yaml',
      '--seed',
      '4',
      '--name',
      'configured',
      '--threads',
      '1',
    ];
    expect((await busana(args)).code).toBe(0);
    const saved = await readFile(join(folder, 'runs', 'configured', 'config.yaml'), 'utf8');
    expect(saved).toContain('epochs: 1');
    expect(saved).toContain('seed: 4');
    const again = [
      'train',
      '--data',
      'photos',
      '--config',
      'runs/configured/config.yaml',
      '--dry-run',
      '--name',
      'again',
    ];
    expect((await busana(again)).code).toBe(0);
    expect(await readFile(join(folder, 'runs', 'again', 'config.yaml'), 'utf8')).toBe(saved);
    await writeFile(join(folder, 'typo.yaml'), 'epoch: 1\n');
    const typo = await busana(['train', '--data', 'photos', '--config', 'typo.yaml']);
    expect(typo.code).toBe(2);
    expect(typo.stderr).toContain('epoch');
  });

  it('stops at Ctrl-C with a remedy, and goes on with --resume to what an uninterrupted run gives', async () => {
    const train = ['train', '--data', 'photos', '--epochs', '4', ...fast];
    const whole = await busana([...train, '--name', 'whole']);
    expect(whole.code).toBe(0);
    let stopped = false;
    const interrupted = await busana([...train, '--name', 'stopped'], (text, kill) => {
      if (stopped || !text.includes('epoch 1/4')) return;
      stopped = true;
      kill('SIGINT');
    });
    expect(interrupted.code).toBe(1);
    expect(interrupted.stderr).toMatch(/error INTERRUPTED: .*\n.*--resume/);
    const resumed = await busana(['train', '--data', 'photos', '--resume', 'runs/stopped']);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).not.toContain('epoch 1/4');
    const metrics = (name: string) => readFile(join(folder, 'runs', name, 'metrics.json'), 'utf8');
    expect(await metrics('stopped')).toBe(await metrics('whole'));
  });

  it('leaves no process behind that trains on when it is killed', async () => {
    let killed = false;
    const outcome = await busana(['train', '--data', 'photos', '--epochs', '400', ...fast], (text, kill) => {
      if (killed || !/epoch +1\/400/.test(text)) return;
      killed = true;
      kill('SIGKILL');
    });
    // All that could write there has ended.
    expect(outcome.code).toBeNull();
    expect(outcome.stdout).not.toContain('epoch 400/400');
  });

  it('compares approaches on the same folds and names the best, or says there is no difference', async () => {
    const { code, stdout } = await busana([
      'compare',
      '--data',
      'photos',
      '--folds',
      '2',
      '--epochs',
      '1',
      ...fast,
      '--json',
    ]);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as { run: string; verdict: { sentence: string }; arms: { arm: string }[] };
    expect(document.arms.map(({ arm }) => arm)).toEqual(['separate', 'multi-output', 'combined']);
    expect(document.verdict.sentence).toMatch(/^(Best performing model|No evidence of a difference)/);
    const files = await readdir(join(folder, document.run));
    for (const file of ['comparison.csv', 'verdict.json', 'metrics.json', 'results.csv', 'report.html'])
      expect(files).toContain(file);
  });

  it('explains a photo with the model that comes with busana', async () => {
    const args = [
      '--method',
      'gradcam',
      '--attribute',
      'warna',
      '--class',
      'merah',
      '--no-curves',
      '--json',
      '--out',
      'why',
    ];
    const { code, stdout, stderr } = await busana(['explain', 'photos/train/1.jpg', ...args]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('warna red')]);
    const document = JSON.parse(stdout) as { photos: { attributions: { label: string; overlay: string }[] }[] };
    expect(document.photos[0]!.attributions).toMatchObject([{ label: 'red', overlay: '1-warna-0.png' }]);
    expect(await readdir(join(folder, 'why'))).toEqual([
      '1-warna-0.npy',
      '1-warna-0.png',
      'explanation.json',
      'sheet.png',
    ]);
    const wrong = await busana(['explain', 'photos/train/1.jpg', '--class', 'green']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/^error USAGE: .*'green'\nChoose from jenis: T-shirt, hoodie; warna: red/);
  });

  it('predicts one row per source, unreadable ones included, and leaves nothing half-written', async () => {
    await writeFile(join(folder, 'broken.jpg'), 'not a picture');
    const [first, second] = (await readdir(join(folder, 'photos', 'train'))).map((name) => `photos/train/${name}`);
    const sources = [second!, 'broken.jpg', 'missing.jpg', first!];
    const { code, stdout } = await busana(['predict', 'runs/configured', ...sources]);
    expect(code).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(rows.map(([image]) => image)).toEqual(sources);
    expect(rows.map((cells) => cells[8])).toEqual([
      expect.stringMatching(/accept|review/),
      'error',
      'error',
      expect.stringMatching(/accept|review/),
    ]);
    const unwritable = await busana(['predict', 'runs/configured', 'photos/train', '--out', 'no/such/folder/p.csv']);
    expect(unwritable.code).toBe(1);
    expect(unwritable.stderr).toMatch(/^error OUTPUT_UNWRITABLE: /);
  });

  it('refuses a submission when an id has no photo', async () => {
    await writeFile(join(folder, 'sample.csv'), 'id,jenis,warna\n1,0,0\n999,0,0\n');
    const args = ['predict', 'runs/configured', 'photos/train', '--sample', 'sample.csv', '--out', 's.csv'];
    const { code, stderr } = await busana(args);
    expect(code).toBe(1);
    expect(stderr).toContain("sample.csv, row 3: there is no photo for '999'");
    expect(await readdir(folder)).not.toContain('s.csv');
  });
});
