/** @file A backup that is made while people and imports go on is one moment of the shop, and becomes the same shop again. */
import { importSchema, productPageSchema } from '@busana/contracts';
import { count, eq } from 'drizzle-orm';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { folderWith, jpeg } from '../../vision/test/support/temporary.ts';
import { backup } from '../src/backup/backup.ts';
import { restore } from '../src/backup/restore.ts';
import { verifyBackup } from '../src/backup/verify.ts';
import { correct } from '../src/catalogue/correct.ts';
import { connectDatabase } from '../src/database/open.ts';
import { attributeChanges } from '../src/database/schema/labels.ts';
import { imports } from '../src/database/schema/imports.ts';
import { products } from '../src/database/schema/products.ts';
import { openStorage } from '../src/storage/open.ts';
import type { Storage } from '../src/storage/storage.ts';
import { homes, type Home } from './support/homes.ts';
import { all, storages } from './support/storages.ts';
import { formOf, openShop, type Shop } from './support/shop.ts';

const [embedded, postgres] = homes as [(typeof homes)[0], (typeof homes)[0]];
const [folder, s3] = storages as [(typeof storages)[0], (typeof storages)[0]];

const photo = async (number: number) => Buffer.concat([await jpeg(number), Buffer.from(`no ${number}`)]);
const exported = async ({ app }: Shop) => (await app.inject('/api/v1/exports/products?format=csv')).body;

/** From one home to the other, and back. */
describe.each([
  { name: 'from PGlite and a folder to PostgreSQL and S3', from: [embedded, folder], to: [postgres, s3] },
  { name: 'from PostgreSQL and S3 to PGlite and a folder', from: [postgres, s3], to: [embedded, folder] },
] as const)('a backup $name', ({ from, to }) => {
  describe.skipIf(![...from, ...to].every(({ there }) => there))('of a shop', () => {
    const made: Home[] = [];
    const begun: Shop[] = [];
    const home = async (making: Promise<Home>): Promise<string> => {
      const one = await making;
      made.push(one);
      return one.where;
    };
    const open = async (where: string, storage: string): Promise<Shop> => {
      const shop = await openShop(where, { storage });
      begun.push(shop);
      return shop;
    };
    const importing = async (shop: Shop, numbers: readonly number[]): Promise<void> => {
      const files = await Promise.all(numbers.map(async (number) => ['p', await photo(number), `${number}.jpg`] as const)); // prettier-ignore
      const { id } = importSchema.parse((await shop.post('/api/v1/imports', formOf(...files))).json());
      await shop.app.inject(`/api/v1/imports/${id}/events`);
    };
    let [shop, file, target]: [Shop, string, string] = [undefined as never, '', ''];
    beforeAll(async () => {
      const where = await home(from[0].make());
      target = await home(from[1].make());
      shop = await open(where, target);
      shop.worker.start();
      file = join(await home(folder.make()), 'shop.tar');
      await importing(shop, [1, 2, 3, 4, 5, 6]);
    }, 300_000);
    afterAll(async () => {
      for (const one of begun.reverse()) await one.close();
      for (const one of made.reverse()) await one.remove();
    }, 180_000);

    it('under load is one moment, and the shop that is made of it is that moment, byte for byte', async () => {
      const { orm } = shop.database;
      const [{ id }] = (await orm.select({ id: products.id }).from(products).limit(1)) as [{ id: number }];
      /** What the shop looked like after each change. */
      const moments = new Map<string, string>();
      const stamp = async (one: Shop) => {
        const counted = async (table: typeof products | typeof attributeChanges) => (await one.database.orm.select({ n: count() }).from(table))[0]!.n; // prettier-ignore
        return `${await counted(attributeChanges)} ${await counted(products)}`;
      };
      let next = 100;
      const going = { now: true };
      onTestFinished(() => void (going.now = false));
      const load = (async () => {
        for (; going.now; next += 1) {
          await correct(orm, [{ productId: id, attribute: 'warna', code: String(next % 3) }], `person ${next}`);
          moments.set(await stamp(shop), await exported(shop));
          if (next % 4 === 0) await importing(shop, [next]);
          moments.set(await stamp(shop), await exported(shop));
        }
      })();
      moments.set(await stamp(shop), await exported(shop));
      await expect.poll(() => moments.size, { timeout: 120_000 }).toBeGreaterThan(3);
      const progress = new Set<string>();
      const manifest = await backup({ orm, storage: await openStorage(target), output: file, version: '0.0.0', onProgress: (step) => progress.add(step) }); // prettier-ignore
      const meanwhile = moments.size;
      await expect.poll(() => moments.size, { timeout: 120_000 }).toBeGreaterThan(meanwhile + 2);
      going.now = false;
      await load;
      expect([...progress]).toEqual(['tables', 'files']);
      expect(manifest.objects.count).toBeGreaterThanOrEqual(7);

      const [where, storage] = [await home(to[0].makeEmpty()), await home(to[1].make())];
      const connection = await connectDatabase(where);
      const restored = await restore({ orm: connection.orm, storage: await openStorage(storage), file });
      expect(restored).toEqual(manifest);
      // A backup of what nobody has touched says the same of every table and file.
      const copy = await backup({ orm: connection.orm, storage: await openStorage(storage), output: `${file}.copy`, version: '0.0.0' }); // prettier-ignore
      await connection.close();
      expect(copy.tables).toEqual(manifest.tables);
      expect(copy.objects).toEqual(manifest.objects);
      const again = await open(where, storage);
      const there = await stamp(again);
      expect([...moments.keys()]).toContain(there);
      expect(await exported(again)).toBe(moments.get(there));
      // It goes on where that moment was: imports that were under way come to their end, numbers follow those before.
      const running = () => again.database.orm.$count(imports, eq(imports.state, 'running'));
      const expected = Number(there.split(' ')[1]) + (await running()) + 1;
      await again.resume();
      again.worker.start();
      await importing(again, [7, 1]);
      await expect.poll(running, { timeout: 120_000 }).toBe(0);
      const page = productPageSchema.parse((await again.app.inject('/api/v1/products?limit=100')).json());
      expect(page.products).toHaveLength(expected);
      expect(new Set(page.products.map(({ photo }) => photo)).size).toBe(expected);
      for (const { photo } of page.products.slice(0, 3)) {
        expect((await again.app.inject(`/api/v1/photos/${photo!}/thumbnail`)).statusCode).toBe(200);
      }
      expect(again.failures).toEqual([]);
    }, 300_000);

    it('goes into an empty database alone', async () => {
      const before = await exported(shop);
      await expect(restore({ orm: shop.database.orm, storage: await openStorage(target), file })).rejects.toMatchObject(
        { code: 'DATABASE_NOT_EMPTY' },
      );
      expect(await exported(shop)).toBe(before);
    });
  });
});

describe('a backup', () => {
  let [home, shop, storage]: [Home | undefined, Shop, Storage] = [undefined, undefined as never, undefined as never];
  const output = async () => join(await folderWith(), 'shop.tar');
  const options = () => ({ orm: shop.database.orm, storage, version: '0.0.0' });
  beforeAll(async () => {
    home = await embedded.make();
    shop = await openShop(home.where);
    storage = await openStorage(join(shop.folder, 'data'));
    shop.worker.start();
    const { id } = importSchema.parse(
      (await shop.post('/api/v1/imports', formOf(['p', await jpeg(), 'a.jpg']))).json(),
    );
    await shop.app.inject(`/api/v1/imports/${id}/events`);
  }, 180_000);
  afterAll(async () => {
    await shop?.close();
    await home?.remove();
  });

  it('that is cut off, changed in one byte or nothing of ours is refused, and nothing is written', async () => {
    const file = await output();
    await backup({ ...options(), output: file });
    const whole = await readFile(file);
    const broken = `${file}.broken`;
    const refused = async (bytes: Buffer) => {
      await writeFile(broken, bytes);
      await expect(verifyBackup(broken)).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
    };
    for (const length of [0, 700, whole.length >> 1, whole.length - 5000]) await refused(whole.subarray(0, length));
    for (const text of ['"locat', '"rows":', 'products', '"key":"photos']) {
      const at = whole.lastIndexOf(text);
      if (at < 0) continue;
      const changed = Buffer.from(whole);
      changed[at + 1]! ^= 1;
      await refused(changed);
    }
    await refused(randomBytes(4096));
    await expect(verifyBackup(`${file}.none`)).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
    const empty = join(await folderWith(), 'empty');
    const kept = await openStorage(empty);
    await expect(restore({ orm: shop.database.orm, storage: kept, file: broken })).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
    });
    await expect(restore({ orm: shop.database.orm, storage: kept, file })).rejects.toMatchObject({
      code: 'DATABASE_NOT_EMPTY',
    });
    expect(await readdir(empty)).toEqual([]);
    expect((await verifyBackup(file)).manifest.tables.find(({ name }) => name === 'products')?.rows).toBe(1);
  });

  it('names each photo that is missing or damaged, and has everything else', async () => {
    const file = await output();
    const [photo] = await all(storage.list('photos/'));
    const path = storage.place(photo!.key)!;
    const bytes = await readFile(path);
    const damaged = async (message: string) => {
      const failed = { code: 'OBJECT_DAMAGED', problems: [{ file: photo!.key, message }] };
      await expect(backup({ ...options(), output: file })).rejects.toMatchObject(failed);
      expect((await verifyBackup(file)).manifest.tables.find(({ name }) => name === 'photos')?.rows).toBe(1);
    };
    await writeFile(path, 'damaged');
    await damaged('is not what its name says');
    await rm(path);
    await damaged('is not in the storage');
    await writeFile(path, bytes);
    expect(await readdir(join(file, '..'))).toEqual(['shop.tar']);
  });

  it('reads the tables again when a file that they speak of has gone meanwhile', async () => {
    let gone = false;
    const removing: Storage = {
      ...{ address: '', put: storage.put, putFile: storage.putFile, has: storage.has },
      ...{ remove: storage.remove, list: storage.list, place: storage.place },
      open: async (key) => {
        if (gone || !key.startsWith('photos/')) return storage.open(key);
        gone = true;
        await shop.database.orm.delete(products);
        return undefined;
      },
    };
    const manifest = await backup({ ...options(), output: await output(), storage: removing });
    expect(manifest.tables.find(({ name }) => name === 'products')?.rows).toBe(0);
    expect(manifest.tables.find(({ name }) => name === 'photos')?.rows).toBe(1);
  });
});
