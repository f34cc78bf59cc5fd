import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { folderWith, jpeg } from '../../vision/test/support/temporary.ts';
import { PhotoStore } from '../src/photos/store.ts';
import { LocalFiles } from '../src/storage/local-files.ts';
import { openStorage } from '../src/storage/open.ts';

const limit = { name: 'a.jpg', bytes: 100_000 };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function filled() {
  const folder = await folderWith();
  const store = await opened(folder);
  const put = async (bytes: Uint8Array) => store.keep(await store.receive(Readable.from([bytes]), limit));
  const files = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()); // prettier-ignore
  return { folder, store, put, files };
}

async function opened(folder: string): Promise<PhotoStore> {
  return PhotoStore.open(new LocalFiles(await openStorage(folder), join(folder, 'cache')), join(folder, 'uploads'));
}

/** A small PNG that says it has 60 million pixels. PNG specification, 11.2.1: IHDR. */
async function wide(): Promise<Buffer> {
  const png = await sharp(await jpeg()).png().toBuffer(); // prettier-ignore
  png.writeUInt32BE(10_000, 16);
  png.writeUInt32BE(6000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

describe('the store of photos', () => {
  it('has each photo once, under its hash, and its thumbnail', async () => {
    const { store, put, files } = await filled();
    const bytes = await sharp(await jpeg()).resize(1000, 500).jpeg().toBuffer(); // prettier-ignore
    const kept = await put(bytes);
    expect(kept).toEqual({ hash: sha256(bytes), bytes: bytes.length, format: 'jpeg', width: 1000, height: 500 });
    expect(await put(bytes)).toEqual(kept);
    expect(await files()).toHaveLength(1);
    expect(await readFile(await store.local(kept.hash))).toEqual(bytes);
    expect(await store.read(kept.hash)).toEqual(bytes);
    for (const time of ['first', 'second']) {
      const small = await sharp(await store.thumbnail(kept.hash)).metadata();
      expect([small.format, small.width, small.height], time).toEqual(['jpeg', 400, 200]);
    }
  });

  it('measures and hashes a stream in whatever pieces it comes', async () => {
    const { store } = await filled();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 8 }), async (pieces) => {
        const upload = await store.receive(Readable.from(pieces), limit);
        const whole = Buffer.concat(pieces);
        expect([upload.hash, upload.bytes]).toEqual([sha256(whole), whole.length]);
        expect(await readFile(upload.path)).toEqual(whole);
        await upload.discard();
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'],
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['nothing', ''],
    ['a GIF with a page inside', 'GIF89a/*<script>alert(1)</script>*/'],
    ['a document', '%PDF-1.4 …'],
  ])('refuses %s, and keeps nothing of it', async (_, content) => {
    const { put, files } = await filled();
    await expect(put(Buffer.from(content))).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
    expect(await files()).toEqual([]);
  });

  it('refuses what is too large, in bytes or pixels, and keeps nothing of it', async () => {
    const { store, put, files } = await filled();
    const endless = Readable.from((function* () { for (;;) yield Buffer.alloc(10_000); })()); // prettier-ignore
    await expect(store.receive(endless, limit)).rejects.toMatchObject({ code: 'UPLOAD_TOO_LARGE', message: 'a.jpg has more than 100000 bytes' }); // prettier-ignore
    await expect(put(await wide())).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    expect(await files()).toEqual([]);
  });

  it('says that a stream broke off, and keeps nothing of it', async () => {
    const { store, files } = await filled();
    const broken = Readable.from((function* () { yield Buffer.alloc(10); throw new Error('reset'); })()); // prettier-ignore
    await expect(store.receive(broken, limit)).rejects.toMatchObject({ code: 'USAGE', message: 'a.jpg broke off: reset' }); // prettier-ignore
    expect(await files()).toEqual([]);
  });

  it('gives nothing but photos', async () => {
    const { folder, store } = await filled();
    await writeFile(join(folder, 'secret'), 'secret');
    for (const name of ['../secret', '..', '', 'a'.repeat(64), `${'a'.repeat(62)}/.`, 'A'.repeat(64)]) {
      await expect((async () => store.read(name))(), name).rejects.toMatchObject({ code: 'PHOTO_NOT_FOUND' });
      await expect(store.thumbnail(name), name).rejects.toMatchObject({ code: 'PHOTO_NOT_FOUND' });
    }
  });

  it('removes what others have left, and nothing that is new or in use', async () => {
    const { folder, store } = await filled();
    const old = async (name: string) => {
      await writeFile(join(folder, name), 'left');
      await utimes(join(folder, name), 0, 0);
      return join(folder, name);
    };
    await mkdir(join(folder, 'archives'));
    await old('uploads/old');
    await old('archives/old');
    await writeFile(join(folder, 'uploads/new'), 'coming');
    await old('archives/used');
    await opened(folder);
    await store.removeArchives(new Set(['archives/used']));
    expect(await readdir(join(folder, 'uploads'))).toEqual(['new']);
    expect(await readdir(join(folder, 'archives'))).toEqual(['used']);
  });
});
