/** @file Storage on bad days: slow, failing, gone, damaged; a disk without room. Nothing is lost, and it is said what is wrong. */
import { errorAnswerSchema, importSchema, predictAnswerSchema, productPageSchema } from '@busana/contracts';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomArtifact } from '../../vision/test/support/random-artifact.ts';
import { folderWith, jpeg } from '../../vision/test/support/temporary.ts';
import { models } from '../src/database/schema/models.ts';
import { readS3Address } from '../src/storage/s3-address.ts';
import { S3Storage } from '../src/storage/s3.ts';
import { readObject } from '../src/storage/storage.ts';
import { faultyBefore, type Fault, type Faulty } from './support/faulty.ts';
import { homes, type Home } from './support/homes.ts';
import { s3Program, startS3, type S3Server } from './support/s3.ts';
import { formOf, openShop, type Shop } from './support/shop.ts';
import { all } from './support/storages.ts';

const photo = async (number: number) => Buffer.concat([await jpeg(number), Buffer.from(`no ${number}`)]);
const limits = { connect: 1000, silence: 1000 };

describe.skipIf(s3Program === undefined)('an object storage that', () => {
  let [server, faulty, address]: [S3Server | undefined, Faulty, string] = [undefined, undefined as never, ''];
  const open = (attempts = 4) => S3Storage.open(readS3Address(address), { ...limits, attempts });
  beforeAll(async () => {
    server = await startS3();
    faulty = await faultyBefore(server.endpoint);
    address = (await server.bucket()).replace(server.endpoint, faulty.endpoint);
  }, 180_000);
  beforeEach(() => faulty.happen([]));
  afterAll(async () => {
    await faulty?.stop();
    await server?.stop();
  });

  it('fails now and then is asked again, and gives and keeps every byte', async () => {
    const storage = await open();
    const fault = fc.constantFrom<Fault>('none', 'refuse', 'reset', 'half');
    const folder = await folderWith();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(1, 70_000, 9 * 2 ** 20),
        async (faults, size) => {
          const bytes = randomBytes(size);
          const path = join(folder, 'one');
          await writeFile(path, bytes);
          faulty.happen(faults);
          await storage.putFile('some/file', path);
          faulty.happen(faults);
          await storage.put('some/bytes', bytes);
          for (const key of ['some/file', 'some/bytes']) {
            faulty.happen(faults);
            expect(bytes.equals((await readObject(storage, key))!)).toBe(true);
          }
          faulty.happen(faults);
          expect((await all(storage.list('some/'))).map((object) => [object.key, object.bytes])).toEqual([
            ['some/bytes', size],
            ['some/file', size],
          ]);
        },
      ),
      { numRuns: 4 },
    );
  }, 180_000);

  it('falls silent in the middle of an answer is asked for the rest', async () => {
    const storage = await open();
    const bytes = randomBytes(3 * 2 ** 20);
    await storage.put('large', bytes);
    faulty.happen(['hang', 'half', 'none']);
    expect(bytes.equals((await readObject(storage, 'large'))!)).toBe(true);
  });

  it('is gone is given up after a while, by name and without secrets', async () => {
    const storage = await open(2);
    for (const fault of ['reset', 'refuse', { slow: 2500 }] as const) {
      faulty.happen([], fault);
      const before = faulty.asked();
      const failure = await storage.put('a/b', Buffer.from('1')).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      expect(String(failure)).toMatch(
        /^BusanaError: the storage s3:\/\/busana-[\w-]+\/a\/prefix\/ (does not answer|answers 503): /,
      );
      expect(faulty.asked() - before).toBe(2);
      expect(JSON.stringify(failure)).not.toContain('a-secret-of-tests');
    }
    faulty.happen([]);
    expect(await storage.has('a/b')).toBe(false);
  }, 180_000);

  it('does not know us, or has no such bucket, is not asked twice', async () => {
    const other = address.replace(/busana-[\w-]+/, 'no-such-bucket');
    await expect(S3Storage.open(readS3Address(other), limits)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('no such bucket') as string,
    });
    const key = process.env['AWS_SECRET_ACCESS_KEY'];
    try {
      process.env['AWS_SECRET_ACCESS_KEY'] = 'another';
      const before = faulty.asked();
      await expect(open()).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        message: expect.stringContaining('credentials') as string,
      });
      expect(faulty.asked() - before).toBe(1);
    } finally {
      process.env['AWS_SECRET_ACCESS_KEY'] = key;
    }
  });

  describe('is behind a shop', () => {
    let [home, shop]: [Home | undefined, Shop] = [undefined, undefined as never];
    const state = async (id: number) => importSchema.parse((await shop.app.inject(`/api/v1/imports/${id}`)).json());
    const send = async (...numbers: number[]) => {
      const files = await Promise.all(numbers.map(async (number) => ['p', await photo(number), `${number}.jpg`] as const)); // prettier-ignore
      return shop.post('/api/v1/imports', formOf(...files));
    };
    const done = (id: number) => expect.poll(async () => (await state(id)).state, { timeout: 120_000 }).toBe('done');
    beforeAll(async () => {
      home = await homes[0]!.make();
      faulty.happen([]);
      shop = await openShop(home.where, { storage: address });
      shop.worker.start();
    }, 180_000);
    afterAll(async () => {
      faulty.happen([]);
      await shop?.close();
      await home?.remove();
    });

    it('holds its photos and models, and the shop does all it does with a folder', async () => {
      faulty.happen([], { slow: 30 });
      const { id } = importSchema.parse((await send(1, 2, 3)).json());
      await done(id);
      const page = productPageSchema.parse((await shop.app.inject('/api/v1/products?limit=9')).json());
      const { id: product, photo: hash } = page.products[0]!;
      const shown = await shop.app.inject(`/api/v1/photos/${hash}`);
      expect(createHash('sha256').update(shown.rawPayload).digest('hex')).toBe(hash);
      expect((await shop.app.inject(`/api/v1/photos/${hash}/thumbnail`)).statusCode).toBe(200);
      const explained = await shop.app.inject({ method: 'POST', url: '/api/v1/explanations', payload: { product } });
      expect(explained.statusCode, explained.body).toBe(200);
      const similar = await shop.post('/api/v1/products/search-by-photo', formOf(['p', shown.rawPayload, 'a.jpg']));
      expect(similar.json<{ products: { id: number }[] }>().products[0]?.id).toBe(product);
      const path = join(shop.folder, 'second.onnx');
      await writeFile(path, (await randomArtifact({ model: 'cnn', imageSize: 48 })).bytes);
      const before = shop.predictor.hash;
      const { hash: second, name } = await shop.files.install(path);
      await shop.database.orm.insert(models).values({ hash: second, name });
      const activated = await shop.app.inject({ method: 'POST', url: `/api/v1/models/${second}/activate` });
      expect(activated.statusCode, activated.body).toBe(200);
      expect(shop.predictor.hash).toBe(second);
      expect(second).not.toBe(before);
    }, 180_000);

    it('has files that were changed: the model that answers stays, and no such photo is shown', async () => {
      faulty.happen([]);
      const storage = await open();
      const before = shop.predictor.hash;
      const changed = 'c'.repeat(64);
      await storage.put(`models/${changed}.onnx`, Buffer.from('damaged on its disk'));
      await shop.database.orm.insert(models).values({ hash: changed, name: 'changed' });
      const refused = await shop.app.inject({ method: 'POST', url: `/api/v1/models/${changed}/activate` });
      expect([refused.statusCode, errorAnswerSchema.parse(refused.json()).error.code]).toEqual([422, 'MODEL_INVALID']);
      expect(shop.predictor.hash).toBe(before);
      const answered = await shop.post('/api/v1/predict', formOf(['p', await photo(1), 'a.jpg']));
      expect(predictAnswerSchema.parse(answered.json()).model.hash).toBe(before);
      const page = productPageSchema.parse((await shop.app.inject('/api/v1/products?limit=1')).json());
      const hash = page.products[0]!.photo!;
      const bytes = (await readObject(storage, `photos/${hash.slice(0, 2)}/${hash}`))!;
      bytes[bytes.length - 1]! ^= 1;
      await storage.put(`photos/${hash.slice(0, 2)}/${hash}`, bytes);
      const shown = await shop.app.inject(`/api/v1/photos/${hash}`);
      expect([shown.statusCode, errorAnswerSchema.parse(shown.json()).error.code]).toEqual([500, 'OBJECT_DAMAGED']);
    });

    it('fails: requests that need it say so, others are answered, imports wait and go on', async () => {
      const held = importSchema.parse((await send(11, 12)).json());
      await done(held.id);
      const page = productPageSchema.parse((await shop.app.inject('/api/v1/products?limit=1')).json());
      const hash = page.products[0]!.photo;
      // Photos at places that only the job looks at: it has to wait for the storage.
      const folder = await mkdtemp(join(tmpdir(), 'busana-photos-'));
      for (const number of [21, 22, 23]) await writeFile(join(folder, `${number}.jpg`), await photo(number));
      faulty.happen([], 'reset');
      const shown = await shop.app.inject(`/api/v1/photos/${hash}`);
      expect([shown.statusCode, errorAnswerSchema.parse(shown.json()).error.code]).toEqual([
        503,
        'STORAGE_UNAVAILABLE',
      ]);
      expect(shown.headers['retry-after']).toBe('2');
      const refused = await send(31);
      expect([refused.statusCode, errorAnswerSchema.parse(refused.json()).error.code]).toEqual([
        503,
        'STORAGE_UNAVAILABLE',
      ]);
      expect(await readdir(join(shop.folder, 'data', 'uploads'))).toEqual([]);
      const answered = await shop.post('/api/v1/predict', formOf(['p', await photo(1), 'a.jpg']));
      expect(predictAnswerSchema.parse(answered.json()).predictions).toHaveLength(1);
      const { id } = importSchema.parse((await shop.app.inject({ method: 'POST', url: '/api/v1/imports', payload: { folder } })).json()); // prettier-ignore
      await expect.poll(() => shop.failures.length, { timeout: 120_000 }).toBeGreaterThan(1);
      expect(shop.failures.at(-1)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      expect(await state(id)).toMatchObject({ state: 'running', added: 0, failed: 0, waiting: 3 });
      faulty.happen(['half', 'refuse', 'none', 'reset'], 'none');
      await done(id);
      expect(await state(id)).toMatchObject({ added: 3, failed: 0 });
      shop.failures.length = 0;
      await rm(folder, { recursive: true });
    }, 300_000);
  });
});

/** A disk of a few megabytes; undefined where this user may make none. */
function smallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'busana-small', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const probe = await mkdtemp(join(tmpdir(), 'busana-disk-'));
const mounted = smallDisk(probe);
afterAll(async () => {
  if (mounted) execFileSync('umount', ['-l', probe]);
  await rm(probe, { recursive: true, force: true });
});

describe.skipIf(!mounted)('a disk that is full', () => {
  let [home, shop]: [Home | undefined, Shop] = [undefined, undefined as never];
  beforeAll(async () => {
    home = await homes[0]!.make();
    shop = await openShop(home.where, { storage: probe });
    shop.worker.start();
  }, 180_000);
  afterAll(async () => {
    await shop?.close();
    await home?.remove();
  });
  const files = async () => (await readdir(probe, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && entry.name !== 'balloon'); // prettier-ignore

  it('is named in the answer, keeps no half of a file, and imports go on when there is room', async () => {
    const before = (await files()).length;
    const folder = await mkdtemp(join(tmpdir(), 'busana-photos-'));
    const large = async (number: number) => Buffer.concat([await photo(number), randomBytes(600_000)]);
    const sent = new Map<string, Buffer>();
    for (const number of [1, 2, 3]) sent.set(`${number}.jpg`, await large(number));
    for (const [name, bytes] of sent) await writeFile(join(folder, name), bytes);
    // All but a quarter of a megabyte.
    for (let size = 16 * 2 ** 20; size > 2 ** 12; size = Math.ceil(size / 2)) {
      await writeFile(join(probe, 'balloon'), Buffer.alloc(size), { flag: 'a' }).catch(() => undefined);
    }
    const refused = await shop.post('/api/v1/imports', formOf(['p', await large(9), '9.jpg']));
    const { code, message } = errorAnswerSchema.parse(refused.json()).error;
    expect([refused.statusCode, code]).toEqual([507, 'OUTPUT_UNWRITABLE']);
    expect(message).toContain('the disk is full');
    const { id } = importSchema.parse((await shop.app.inject({ method: 'POST', url: '/api/v1/imports', payload: { folder } })).json()); // prettier-ignore
    const state = async () => importSchema.parse((await shop.app.inject(`/api/v1/imports/${id}`)).json());
    await expect.poll(() => shop.failures.length, { timeout: 120_000 }).toBeGreaterThan(0);
    expect(shop.failures[0]).toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(await state()).toMatchObject({ state: 'running', failed: 0, waiting: 3 });
    expect(await files()).toHaveLength(before);
    await rm(join(probe, 'balloon'));
    await expect.poll(async () => (await state()).state, { timeout: 120_000 }).toBe('done');
    expect(await state()).toMatchObject({ added: 3, failed: 0 });
    const kept = (await files()).filter(({ parentPath }) => parentPath.includes('photos'));
    const hashes = [...sent.values()].map((bytes) => createHash('sha256').update(bytes).digest('hex'));
    expect(kept.map(({ name }) => name).sort()).toEqual(hashes.sort());
    for (const { parentPath, name } of kept) {
      expect(
        createHash('sha256')
          .update(await readFile(join(parentPath, name)))
          .digest('hex'),
      ).toBe(name);
    }
    await rm(folder, { recursive: true });
  }, 300_000);
});
