/** @file Archives are read with suspicion: nothing leaves the folder, nothing fills the memory. */
import { readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readImageBytes } from '../../src/data/bytes.ts';
import { openDataset } from '../../src/data/open.ts';
import { closeZip, listZip, readZipEntry } from '../../src/data/zip.ts';
import { folderWith, jpeg, trainPhotos } from '../support/temporary.ts';
import { writeZip, zipBytes, type ZipMember } from '../support/zip.ts';

const archive = async (members: readonly ZipMember[]): Promise<string> =>
  writeZip(join(await folderWith(), 'data.zip'), members);

const invalid = (message: RegExp) => ({ code: 'ARCHIVE_INVALID', message: expect.stringMatching(message) as string });

describe('an archive', () => {
  it('gives its files, deflated or stored', async () => {
    const path = await archive([
      { name: 'a.txt', bytes: 'deflated '.repeat(100) },
      { name: 'folder/', bytes: '' },
      { name: 'folder/b.txt', bytes: 'stored', deflate: false },
    ]);
    expect(await listZip(path)).toEqual(['a.txt', 'folder/b.txt']);
    expect(Buffer.from(await readZipEntry(path, 'a.txt')).toString()).toBe('deflated '.repeat(100));
    expect(Buffer.from(await readZipEntry(path, 'folder/b.txt')).toString()).toBe('stored');
  });

  it.each(['../evil.jpg', 'train/../../evil.jpg', '/etc/evil.jpg', 'C:/evil.jpg', '..\\evil.jpg'])(
    'is refused for the name %s',
    async (name) => {
      const path = await archive([
        { name: 'train.csv', bytes: 'id,a\n1,0\n' },
        { name, bytes: 'x' },
      ]);
      await expect(openDataset({ source: path })).rejects.toMatchObject(
        invalid(/data.zip is damaged or unsafe: .*evil/),
      );
    },
  );

  it('is refused when a small file would unpack to a huge one', async () => {
    const path = await archive([{ name: 'train/1.jpg', bytes: Buffer.alloc(8 * 2 ** 20) }]);
    expect((await stat(path)).size).toBeLessThan(20_000);
    await expect(listZip(path)).rejects.toMatchObject(invalid(/train\/1.jpg would unpack from \d+ to 8388608 bytes/));
  });

  it('is refused when a file claims more than any photo has', async () => {
    const path = await archive([{ name: '1.jpg', bytes: 'x', claimedSize: 600 * 2 ** 20 }]);
    await expect(listZip(path)).rejects.toMatchObject(invalid(/1.jpg would unpack/));
  });

  it('stops unpacking a file at the size it claims', async () => {
    const path = await archive([{ name: '1.jpg', bytes: Buffer.alloc(8 * 2 ** 20), claimedSize: 1000 }]);
    expect(await listZip(path)).toEqual(['1.jpg']);
    await expect(readZipEntry(path, '1.jpg')).rejects.toMatchObject(invalid(/1.jpg: too many bytes/));
  });

  it('is refused when it is cut off, or no archive', async () => {
    const whole = zipBytes([{ name: 'a.txt', bytes: 'some text' }]);
    const folder = await folderWith({ 'cut.zip': whole.subarray(0, whole.length - 30), 'text.zip': 'no archive' });
    await expect(listZip(join(folder, 'cut.zip'))).rejects.toMatchObject(invalid(/cut.zip/));
    await expect(listZip(join(folder, 'text.zip'))).rejects.toMatchObject(invalid(/text.zip/));
  });

  it('notices a file whose bytes were changed', async () => {
    const bytes = zipBytes([{ name: 'a.txt', bytes: 'some text', deflate: false }]);
    bytes[bytes.indexOf('some text')]! ^= 1;
    const path = join(await folderWith({ 'data.zip': bytes }), 'data.zip');
    await expect(readZipEntry(path, 'a.txt')).rejects.toMatchObject(invalid(/a.txt: its checksum is wrong/));
  });

  it.skipIf(process.platform !== 'linux')('is closed when nobody will read it any more, and opened again', async () => {
    const path = await archive([{ name: 'a.txt', bytes: 'some text' }]);
    const open = async () => {
      const files = await readdir('/proc/self/fd');
      const targets = await Promise.all(files.map((file) => readlink(`/proc/self/fd/${file}`).catch(() => '')));
      return targets.filter((target) => target === path).length;
    };
    await listZip(path);
    expect(await open()).toBe(1);
    await closeZip(path);
    await vi.waitFor(async () => expect(await open()).toBe(0));
    expect(Buffer.from(await readZipEntry(path, 'a.txt')).toString()).toBe('some text');
  });

  it('is read anew when it was replaced', async () => {
    const path = await archive([{ name: 'a.txt', bytes: 'old' }]);
    expect(await listZip(path)).toEqual(['a.txt']);
    await writeZip(path, [{ name: 'another.txt', bytes: 'new' }]);
    expect(await listZip(path)).toEqual(['another.txt']);
  });
});

describe('a data set in an archive', () => {
  const members = async (root = ''): Promise<ZipMember[]> => [
    { name: `${root}train.csv`, bytes: 'id,size\n1,big\n2,small\n' },
    ...Object.entries(await trainPhotos(2)).map(([name, bytes]) => ({ name: root + name, bytes })),
    { name: `${root}test/3.jpg`, bytes: await jpeg(3) },
  ];

  it.each(['', 'wardrobe/'])('is read below "%s"', async (root) => {
    const path = await archive([
      ...(await members(root)),
      { name: `__MACOSX/${root}train/._1.jpg`, bytes: 'resource fork' },
    ]);
    const { photos, test } = await openDataset({ source: path });
    expect(photos.map(({ name, targets }) => [name, targets])).toEqual([
      ['train/1.jpg', [0]],
      ['train/2.jpg', [1]],
    ]);
    expect(test.map(({ id, name }) => [id, name])).toEqual([['3', 'test/3.jpg']]);
    expect(Buffer.from(await readImageBytes(photos[1]!.location)).equals(await jpeg(1))).toBe(true);
  });

  it('brings its schema along', async () => {
    const schema = 'attributes: {size: {title: Size, kind: shape, values: {s: small, b: {en: big, id: besar}}}}';
    const path = await archive([...(await members()), { name: 'attributes.yaml', bytes: schema }]);
    const { taxonomy, photos } = await openDataset({ source: path });
    expect(taxonomy.attributes[0]).toMatchObject({ titles: { en: 'Size' }, kind: 'shape' });
    expect(photos.map(({ targets }) => targets)).toEqual([[1], [0]]);
  });

  it('may be a folder per class', async () => {
    const path = await archive([
      { name: 'photos/red/1.jpg', bytes: await jpeg(1) },
      { name: 'photos/blue/2.jpg', bytes: await jpeg(2) },
    ]);
    const { photos, taxonomy } = await openDataset({ source: path });
    expect(taxonomy.attributes[0]!.values.map(({ code }) => code)).toEqual(['blue', 'red']);
    expect(photos.map(({ name, targets }) => [name, targets])).toEqual([
      ['blue/2.jpg', [0]],
      ['red/1.jpg', [1]],
    ]);
  });

  it('is refused with an archive inside, saying what to do', async () => {
    const path = await archive([
      { name: 'train.csv', bytes: 'id,a\n1,0\n' },
      { name: 'train.zip', bytes: zipBytes([]) },
    ]);
    await expect(openDataset({ source: path })).rejects.toMatchObject({
      code: 'DATA_INVALID',
      remedy: 'Unpack the outer zip and point --data at the folder.',
    });
  });

  it('lists a damaged file among the problems', async () => {
    const bytes = zipBytes((await members()).map((member) => ({ ...member, deflate: false })));
    const photo = await jpeg(1);
    bytes[bytes.indexOf(photo) + photo.length - 20]! ^= 0xff;
    const source = join(await folderWith({ 'data.zip': bytes }), 'data.zip');
    await expect(openDataset({ source })).rejects.toMatchObject({
      code: 'DATA_INVALID',
      problems: [{ row: 3, message: expect.stringMatching(/train\/2.jpg: its checksum is wrong/) as string }],
    });
  });
});
