import { describe, expect, it } from 'vitest';
import { engineOptions, threadsOption } from '../src/engine-flags.ts';
import { readTraining } from '../src/training-flags.ts';

describe('--threads', () => {
  it('is a whole number', () => {
    expect(threadsOption({ threads: '3' })).toEqual({ threads: 3 });
    expect(threadsOption({ threads: '0' })).toEqual({ threads: 0 });
    expect(threadsOption({})).toEqual({});
  });

  it.each(['two', '1.5', '-1', '1025', '', ' '])("is refused as '%s'", (threads) => {
    expect(() => threadsOption({ threads })).toThrow(
      `--threads '${threads}' is not a whole number from 1 to 1024, or 0 for every core`,
    );
  });

  it.each(['two', '1.5', '-1', '1025'])('is refused by training as %s, naming what it may be', async (threads) => {
    const given = { threads, dryRun: true };
    await expect(readTraining(given)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      problems: [{ file: 'command line', message: 'threads: a whole number from 1 to 1024, or 0 for every core' }],
    });
  });
});

describe('--device', () => {
  it('reaches the settings of a training and the options of a prediction', async () => {
    const given = { device: 'webgpu', dryRun: true };
    expect((await readTraining(given)).config.device).toBe('webgpu');
    expect((await readTraining({})).config.device).toBe('cpu');
    expect(engineOptions({ device: 'cuda', threads: '2' })).toEqual({ device: 'cuda', threads: 2 });
  });

  it('is refused by name', async () => {
    const refusal = { code: 'DEVICE_UNAVAILABLE', message: "there is no device 'tpu'", remedy: expect.stringContaining('cpu, webgpu, cuda') as string }; // prettier-ignore
    expect(() => engineOptions({ device: 'tpu' })).toThrow(expect.objectContaining(refusal) as Error);
    const given = { device: 'tpu', dryRun: true };
    await expect(readTraining(given)).rejects.toMatchObject(refusal);
  });
});
