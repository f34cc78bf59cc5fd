import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readImageBytes } from '../../src/data/bytes.ts';
import { download } from '../../src/data/download.ts';
import { listPhotos } from '../../src/data/sources.ts';
import { readSubmissionSample } from '../../src/data/submission.ts';
import { folderWith } from '../support/temporary.ts';
import { zipBytes } from '../support/zip.ts';

const nothing = Readable.from([]);

describe('listPhotos', () => {
  const files = {
    'photos/10.jpg': 'x',
    'photos/9.png': 'x',
    'photos/sub/1.webp': 'x',
    'photos/notes.txt': 'x',
    'photos/.hidden.jpg': 'x',
    'more.zip': zipBytes([
      { name: 'b.jpg', bytes: 'in zip' },
      { name: 'a.jpg', bytes: 'x' },
      { name: 'readme.md', bytes: 'x' },
    ]),
  };

  it('lists files, folders, globs and zips in the order given, each in natural order', async () => {
    const folder = await folderWith(files);
    const list = async (...sources: string[]) =>
      (
        await listPhotos(
          sources.map((source) => join(folder, source)),
          nothing,
        )
      ).map(({ name }) => name.slice(folder.length + 1));
    expect(await list('photos')).toEqual(['photos/9.png', 'photos/10.jpg', 'photos/sub/1.webp']);
    expect(await list('photos/*.{jpg,png}')).toEqual(['photos/9.png', 'photos/10.jpg']);
    expect(await list('more.zip', 'photos/10.jpg')).toEqual(['more.zip/a.jpg', 'more.zip/b.jpg', 'photos/10.jpg']);
    expect(await list('photos/missing.jpg')).toEqual(['photos/missing.jpg']);
  });

  it('reads a list from stdin', async () => {
    const folder = await folderWith(files);
    const stdin = Readable.from([`${folder}/photos/10.jpg\n\n  ${folder}/more.zip \r\n`]);
    const photos = await listPhotos(['-'], stdin);
    expect(photos.map(({ id }) => id)).toEqual(['10', 'a', 'b']);
    expect(Buffer.from(await readImageBytes(photos[2]!.location)).toString()).toBe('in zip');
  });

  it('says when a pattern or a folder has nothing', async () => {
    const folder = await folderWith({ 'empty/notes.txt': 'x' });
    for (const source of ['*.jpg', 'empty']) {
      await expect(listPhotos([join(folder, source)], nothing)).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
    }
  });

  it('leaves addresses until they are read', async () => {
    const [photo] = await listPhotos(['https://nowhere.invalid/shop/7.jpg'], nothing);
    expect(photo).toEqual({
      id: '7',
      name: 'https://nowhere.invalid/shop/7.jpg',
      location: { kind: 'address', address: 'https://nowhere.invalid/shop/7.jpg' },
    });
  });
});

describe('download', () => {
  async function server(): Promise<string> {
    const http = createServer((request, response) => {
      if (request.url === '/photo') response.end('bytes');
      else if (request.url === '/large') response.end(Buffer.alloc(5000));
      else if (request.url === '/slow') response.write('a');
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      http.closeAllConnections();
      http.close();
    });
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  }

  it('fetches a photo', async () => {
    expect(Buffer.from(await download(`${await server()}/photo`)).toString()).toBe('bytes');
  });

  it.each([
    ['/missing', /the server answers 404/],
    ['/large', /it is larger than 4000 bytes/],
    ['/slow', /it took longer than 0.2 seconds/],
  ])('refuses %s', async (path, message) => {
    await expect(download((await server()) + path, { bytes: 4000, seconds: 0.2 })).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringMatching(message) as string,
    });
  });

  it('says when there is no server', async () => {
    await expect(download('http://127.0.0.1:1/')).rejects.toThrow('http://127.0.0.1:1/: it cannot be fetched');
  });
});

describe('readSubmissionSample', () => {
  it('gives the columns and the ids in order', async () => {
    const folder = await folderWith({ 'sample.csv': '\uFEFFid,jenis,warna\r\n10,0,0\r\n9,0,0\r\n' });
    expect(await readSubmissionSample(join(folder, 'sample.csv'))).toEqual({
      idColumn: 'id',
      attributes: ['jenis', 'warna'],
      ids: ['10', '9'],
    });
  });

  it.each([
    ['id\n1\n', 'DATA_INVALID'],
    ['id,a\n1\n', 'DATA_INVALID'],
  ])('refuses %j', async (text, code) => {
    const folder = await folderWith({ 'sample.csv': text });
    await expect(readSubmissionSample(join(folder, 'sample.csv'))).rejects.toMatchObject({ code });
    await expect(readSubmissionSample(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  });
});
