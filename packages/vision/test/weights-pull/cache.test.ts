import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { architectures } from '../../src/models/registry.ts';
import { cachedFile, listWeights, resolveWeights } from '../../src/weights/cache.ts';
import { isOfficial, officialWeights, weightsOf } from '../../src/weights/official.ts';
import { pullWeights } from '../../src/weights/pull.ts';
import { folderWith } from '../support/temporary.ts';

describe('the table of official weights', () => {
  it('has architectures of the registry, with their licence and the digits that stand in the file name', () => {
    expect(officialWeights).toHaveLength(11);
    for (const { name, address, sha256, licence } of officialWeights) {
      const architecture = architectures.find((candidate) => candidate.name === name);
      expect(architecture?.weightsLicence).toBe(licence);
      expect(sha256).toMatch(/^[0-9a-f]{8}$/);
      expect(basename(address)).toBe(`${name}-${sha256}.pth`);
    }
  });

  it('says of every other architecture why a file has to be brought', async () => {
    const own = architectures.map(({ name }) => weightsOf(name)).filter((weights) => !isOfficial(weights));
    expect(own.map(({ name }) => name)).toContain('yolo11n-cls');
    for (const { name } of own) {
      await expect(pullWeights(name)).rejects.toMatchObject({ code: 'WEIGHTS_UNAVAILABLE' });
    }
    await expect(pullWeights('nonsense')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('the file that --weights means', () => {
  it('is a path as it is, or the cached file of a name or an alias', async () => {
    const cache = await folderWith({ 'mine.pth': 'x' });
    expect(await resolveWeights(join(cache, 'mine.pth'), cache)).toBe(join(cache, 'mine.pth'));
    const file = cachedFile(
      officialWeights.find(({ name }) => name === 'deit_tiny_patch16_224')!,
      cache,
    );
    expect(file).toBe(join(cache, 'weights', 'deit_tiny_patch16_224-a1311bcf.pth'));
    await mkdir(dirname(file));
    await writeFile(file, 'x');
    expect(await resolveWeights('deit_tiny_patch16_224', cache)).toBe(file);
    expect(await resolveWeights('deit_tiny', cache)).toBe(file);
    const present = (await listWeights(cache)).filter((row) => 'present' in row && row.present);
    expect(present.map(({ name }) => name)).toEqual(['deit_tiny_patch16_224']);
  });

  it('is refused with what to do when it is not there', async () => {
    const cache = await folderWith();
    await expect(resolveWeights('resnet18', cache)).rejects.toMatchObject({
      code: 'WEIGHTS_UNAVAILABLE',
      remedy: expect.stringMatching(
        /^Run busana weights pull resnet18\. .*save it as .*resnet18-f37072fd\.pth/,
      ) as unknown,
    });
    await expect(resolveWeights('yolo11n-cls', cache)).rejects.toThrow('because of its licence');
    await expect(resolveWeights('no/such.pth', cache)).rejects.toThrow('there is no weights file at no/such.pth');
  });
});
