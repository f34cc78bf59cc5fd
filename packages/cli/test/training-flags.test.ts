import { trainingConfigSchema } from '@busana/contracts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { readTraining } from '../src/training-flags.ts';

async function fileOf(content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'busana-settings-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'config.yaml'), stringify(content));
  return join(folder, 'config.yaml');
}

describe('the config.yaml of a run as --config', () => {
  const first = trainingConfigSchema.parse({ approach: 'separate', lr: 0.003, epochs: 7, mix: 'cutmix', seed: 5 });
  const second = trainingConfigSchema.parse({ lr: 0.5 });
  const run = (arms: unknown) => ({ command: 'compare', data: { source: 'photos' }, arms });

  it('gives the settings of its first arm', async () => {
    const arms = [{ name: 'a', config: first }, { name: 'b', config: second }]; // prettier-ignore
    expect((await readTraining({ config: await fileOf(run(arms)) })).config).toEqual(first);
  });

  it('is overridden by flags', async () => {
    const flags = { config: await fileOf(run([{ name: 'a', config: first }])), seed: '6', freeze: true };
    expect((await readTraining(flags)).config).toEqual({ ...first, seed: 6, freeze: true });
  });

  it('is the same as a file of these settings', async () => {
    expect((await readTraining({ config: await fileOf(first) })).config).toEqual(first);
  });

  it.each([
    ['no arm', run([])],
    ['arms that are none', run('cnn')],
    ['an arm without settings', run([{ name: 'a' }])],
  ])('is refused with %s', async (_, content) => {
    const config = await fileOf(content);
    const message = expect.stringContaining(`${config} cannot be read as settings`) as string;
    await expect(readTraining({ config })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
  });

  it('is refused with a wrong setting, naming it and the file', async () => {
    const config = await fileOf(run([{ name: 'a', config: { ...first, epochs: 0 } }]));
    await expect(readTraining({ config })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      problems: [{ file: config, message: expect.stringMatching(/^epochs: /) as string }],
    });
  });
});
