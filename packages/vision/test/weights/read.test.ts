import { BusanaError } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../src/weights/read.ts';
import { folderWith } from '../support/temporary.ts';
import { asWritten, described, expected, fixtures } from './fixtures.ts';

async function refusalOf(path: string): Promise<BusanaError> {
  const error: unknown = await readWeights(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BusanaError);
  return error as BusanaError;
}

describe('readWeights', () => {
  it.each(Object.keys(expected.files))('reads from %s the numbers that were put there', async (name) => {
    const tensors = await readWeights(fixtures + name);
    const found = Object.fromEntries([...tensors].map(([key, content]) => [key, described(content)]));
    expect(found).toEqual(asWritten(expected.files[name]!));
  });

  it('keeps the order of the file', async () => {
    expect([...(await readWeights(`${fixtures}legacy.pth`)).keys()]).toEqual(
      Object.keys(expected.files['legacy.pth']!),
    );
    const names = Object.keys(expected.files['ultralytics.pt']!);
    expect([...(await readWeights(`${fixtures}ultralytics.pt`)).keys()]).toEqual(names);
  });

  it('goes by what is in the file, not by its name', async () => {
    const folder = await folderWith({ 'weights.onnx': await readFile(`${fixtures}model.pth`) });
    expect([...(await readWeights(join(folder, 'weights.onnx'))).keys()]).toEqual(['fc.weight', 'fc.bias']);
  });

  it.each(Object.entries(expected.refused))('refuses %s and names %s', async (name, message) => {
    const error = await refusalOf(fixtures + name);
    expect(error.code).toBe('WEIGHTS_INVALID');
    expect(error.message).toContain(name);
    expect(error.message).toContain(message);
    expect(error.remedy).not.toBe('');
  });

  it('says what was saved in the place of weights', async () => {
    const folder = await folderWith({
      empty: '',
      lfs: 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n',
      page: '\n<!DOCTYPE html><title>404</title>',
      text: 'weights',
      zip: 'PK\x03\x04',
      pickle: Buffer.from('\x80\x02}.', 'latin1'),
    });
    const said = async (name: string) => (await refusalOf(join(folder, name))).message;
    expect(await said('empty')).toContain('it is empty');
    expect(await said('lfs')).toContain('Git LFS');
    expect(await said('page')).toContain('a web page');
    expect(await said('text')).toContain('no weights file of a kind that is read');
    expect(await said('zip')).toContain('archive');
    expect(await said('pickle')).toContain('torch.save did not write');
    expect((await refusalOf(folder)).code).toBe('WEIGHTS_UNAVAILABLE');
    expect((await refusalOf(join(folder, 'none'))).code).toBe('WEIGHTS_UNAVAILABLE');
  });

  it.each(['legacy.pth', 'zip.pt', 'types.safetensors', 'initializers.onnx', 'ultralytics.pt', 'sequential-legacy.pt'])(
    'refuses %s cut anywhere, and names it',
    async (name) => {
      const whole = await readFile(fixtures + name);
      const cuts = Array.from({ length: 60 }, (_, at) => Math.floor((at * whole.length) / 60));
      const folder = await folderWith(
        Object.fromEntries([...cuts, whole.length - 1].map((cut) => [`${cut}`, whole.subarray(0, cut)])),
      );
      for (const cut of [...cuts, whole.length - 1]) {
        const error = await refusalOf(join(folder, `${cut}`));
        expect(error.code).toBe('WEIGHTS_INVALID');
        expect(error.message).toContain(join(folder, `${cut}`));
      }
    },
  );
});
