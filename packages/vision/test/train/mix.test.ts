import { trainingConfigSchema, type TrainingConfig } from '@busana/contracts';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/train/events.ts';
import { train, type TrainResult } from '../../src/train/train.ts';
import { drawShapes } from '../support/garments.ts';

let folder: string;
let data: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-mix-'));
  data = join(folder, 'shapes');
  await drawShapes(data, { count: 72 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(
  name: string,
  settings: Partial<TrainingConfig>,
  emit: (event: RunEvent) => void = () => undefined,
): Promise<TrainResult> {
  const config = trainingConfigSchema.parse({
    imageSize: 32,
    batch: 12,
    epochs: 3,
    val: 0.25,
    threads: 1,
    lr: 0.005,
    ...settings,
  });
  return train({ data: { source: data }, config, project: join(folder, 'runs'), name, dryRun: false, emit });
}

const predictions = ({ folder: path }: TrainResult): Promise<string> => readFile(join(path, 'predictions.csv'), 'utf8');

describe('training with mixed photos', () => {
  it.each(['mixup', 'cutmix'] as const)('learns shapes and colours with %s, and says how it pairs', async (mix) => {
    const notices: string[] = [];
    const { metrics } = await run(`learns-${mix}`, { mix, epochs: 20 }, (event) => {
      if (event.type === 'notice') notices.push(event.message);
    });
    expect(metrics!.emr.value).toBeGreaterThanOrEqual(0.9);
    expect(notices.filter((notice) => notice.startsWith(mix))).toHaveLength(1);
  });

  it('repeats itself with the same seed, and differs from training without', async () => {
    const [first, second, other] = [
      await run('first', { mix: 'mixup', seed: 5 }),
      await run('second', { mix: 'mixup', seed: 5 }),
      await run('plain', { seed: 5 }),
    ];
    expect(await predictions(second)).toBe(await predictions(first));
    expect(await predictions(other)).not.toBe(await predictions(first));
  });

  it('is refused with a frozen backbone before a run is begun', async () => {
    await expect(run('frozen', { mix: 'cutmix', freeze: true })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('mix cutmix') as unknown,
    });
    expect(await readdir(join(folder, 'runs'))).not.toContain('frozen');
  });
});
