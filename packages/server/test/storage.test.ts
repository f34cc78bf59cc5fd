/** @file What every storage promises, whatever it is: whole or not at all, found again as it was. */
import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith } from '../../vision/test/support/temporary.ts';
import { LocalFiles } from '../src/storage/local-files.ts';
import { openStorage } from '../src/storage/open.ts';
import { readObject, type Storage } from '../src/storage/storage.ts';
import type { Home } from './support/homes.ts';
import { all, storages } from './support/storages.ts';

it('clients of object storage say nothing of their own, that of tests neither, and leave no variable behind', async () => {
  const script = `
    const { S3Storage } = await import(${JSON.stringify(new URL('../src/storage/s3.ts', import.meta.url).href)});
    const { startS3, s3Program } = await import(${JSON.stringify(new URL('./support/s3.ts', import.meta.url).href)});
    const server = s3Program && (await startS3());
    const where = { bucket: 'a', prefix: '', endpoint: 'http://127.0.0.1:9', region: 'a', pathStyle: true };
    await S3Storage.open(where, { attempts: 1 }).catch(({ code }) => console.log(code));
    await server?.stop();
    console.log(Object.keys(process.env).filter((name) => name.includes('SUPPORT_WARNING')).length);`;
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  };
  const said = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], { env }); // prettier-ignore
  expect(said).toEqual({ stdout: 'STORAGE_UNAVAILABLE\n0\n', stderr: '' });
});

for (const { name, there, make } of storages) {
  describe.skipIf(!there)(`files in ${name}`, () => {
    let [home, storage]: [Home | undefined, Storage] = [undefined, undefined as never];
    beforeAll(async () => {
      home = await make();
      storage = await openStorage(home.where);
    }, 180_000);
    afterAll(() => home?.remove());

    it('gives back the bytes that it was given, under any of our names, and the last ones', async () => {
      const part = fc
        .string({ unit: fc.constantFrom(...'aZ09_-.'), minLength: 1, maxLength: 20 })
        .map((text) => `a${text}`);
      const key = fc
        .array(part, { minLength: 1, maxLength: 3 })
        .map((parts) => `any/${randomUUID()}/${parts.join('/')}`);
      await fc.assert(
        fc.asyncProperty(key, fc.uint8Array({ maxLength: 3000 }), fc.uint8Array(), async (name, first, second) => {
          for (const bytes of [first, second]) {
            await storage.put(name, bytes);
            expect(await readObject(storage, name)).toEqual(Buffer.from(bytes));
            expect(await storage.has(name)).toBe(true);
          }
          expect((await all(storage.list(`any/`))).filter((object) => object.key === name)).toMatchObject([
            { bytes: second.length },
          ]);
        }),
        { numRuns: 20 },
      );
    });

    it('takes a file of many megabytes', async () => {
      const bytes = randomBytes(21 * 2 ** 20);
      const path = join(await folderWith(), 'large');
      await writeFile(path, bytes);
      await storage.putFile('large/one', path);
      const object = await storage.open('large/one');
      expect(object?.bytes).toBe(bytes.length);
      object?.stream.destroy();
      expect(bytes.equals((await readObject(storage, 'large/one'))!)).toBe(true);
    });

    it('says that there is none, and removes what is gone already', async () => {
      await storage.put('gone/one', Buffer.from('1'));
      for (const time of ['first', 'second']) {
        await storage.remove('gone/one');
        expect(await storage.has('gone/one'), time).toBe(false);
        expect(await storage.open('gone/one'), time).toBeUndefined();
      }
      expect(await all(storage.list('gone/'))).toEqual([]);
      expect(await all(storage.list('never/'))).toEqual([]);
      // A folder is not a file.
      await storage.put('deep/er/one', Buffer.from('1'));
      expect(await storage.has('deep')).toBe(false);
    });

    it('lists a folder in the order of its keys, however many there are, and nothing beside it', async () => {
      const keys = [
        'list/b',
        'list/a/z',
        'list/a-b',
        'list/a.b',
        'list/a0',
        ...Array.from({ length: 20 }, (_, at) => `list/more/${at}`),
      ];
      const begin = Date.now();
      await Promise.all([...keys, 'listed/no'].map((key) => storage.put(key, Buffer.from(key))));
      const found = await all(storage.list('list/'));
      expect(found.map(({ key }) => key)).toEqual([...keys].sort());
      for (const { key, bytes, modified } of found) {
        expect(bytes).toBe(key.length);
        expect(Math.abs(modified.getTime() - begin)).toBeLessThan(60_000);
      }
    });

    it('has one of two that are written at once under one name, whole', async () => {
      const [a, b] = [Buffer.alloc(500_000, 'a'), Buffer.alloc(300_000, 'b')];
      for (let time = 0; time < 5; time += 1) {
        await Promise.all([a, b, a, b].map((bytes) => storage.put('race/one', bytes)));
        const left = (await readObject(storage, 'race/one'))!;
        expect([a, b].some((bytes) => bytes.equals(left))).toBe(true);
      }
    });

    it.each(['../one', '/etc/passwd', 'a//b', 'a/../b', '', '.', 'a/.b', 'a\\b', 'a b'])(
      'leads nowhere by %o',
      async (key) => {
        await expect((async () => storage.put(key, Buffer.from('1')))()).rejects.toThrow('is not a key');
        await expect((async () => storage.open(key))()).rejects.toThrow('is not a key');
      },
    );

    it('is on this machine as paths: fetched once, kept while there is room, and what was kept is there at once', async () => {
      const folder = await folderWith();
      const files = new LocalFiles(storage, join(folder, 'copies'), { bytes: 5000, inUse: 0 });
      const contents = Array.from({ length: 8 }, () => randomBytes(1000));
      for (const [at, bytes] of contents.entries()) {
        await writeFile(join(folder, 'given'), bytes);
        const kept = await files.keep(`local/${at}`, join(folder, 'given'));
        expect(await files.path(`local/${at}`)).toBe(kept);
      }
      for (const [at, bytes] of contents.entries()) {
        const paths = await Promise.all([1, 2, 3].map(() => files.path(`local/${at}`)));
        expect(new Set(paths).size).toBe(1);
        const chunks = await createReadStream(paths[0]!).toArray();
        expect(bytes.equals(Buffer.concat(chunks as Buffer[]))).toBe(true);
      }
      expect(await files.path('local/none')).toBeUndefined();
      await files.remove('local/0');
      expect(await files.path('local/0')).toBeUndefined();
      expect(await storage.has('local/0')).toBe(false);
    });
  });
}
