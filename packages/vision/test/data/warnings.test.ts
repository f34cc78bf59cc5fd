import { describe, expect, it } from 'vitest';
import { openDataset } from '../../src/data/open.ts';
import { labelWarnings } from '../../src/data/warnings.ts';
import { folderWith, trainPhotos } from '../support/temporary.ts';

async function warnings(csv: string): Promise<string[]> {
  const { taxonomy, photos } = await openDataset({
    source: await folderWith({ 'train.csv': csv, ...(await trainPhotos(4)) }),
  });
  return labelWarnings(taxonomy, photos);
}

describe('labelWarnings', () => {
  it('says which attribute has one value', async () => {
    expect(await warnings('id,cut,size\n1,a,s\n2,a,l\n3,a,s\n4,,l\n')).toEqual([
      'cut has one value only; there is nothing to learn about it',
    ]);
  });

  it('says which class has one photo', async () => {
    expect(await warnings('id,jenis,warna\n1,0,0\n2,1,0\n3,0,3\n4,1,0\n')).toEqual([
      'warna black has one photo only; it cannot be trained on and measured at once',
    ]);
  });

  it('is quiet where all is well', async () => {
    expect(await warnings('id,cut\n1,a\n2,b\n3,a\n4,b\n')).toEqual([]);
  });
});
