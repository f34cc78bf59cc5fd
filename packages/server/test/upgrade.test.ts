/** @file Databases of other versions: older ones are brought up to date and can be tried first, newer ones are left alone. */
import { sql } from 'drizzle-orm';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith } from '../../vision/test/support/temporary.ts';
import { backup } from '../src/backup/backup.ts';
import { tableForms } from '../src/backup/catalog.ts';
import { restore } from '../src/backup/restore.ts';
import { appliedMigrations, listMigrations, migrate } from '../src/database/migrate.ts';
import { connectDatabase, type Connection } from '../src/database/open.ts';
import { models } from '../src/database/schema/models.ts';
import { openDatabase } from '../src/database/up-to-date.ts';
import { upgradeShop } from '../src/maintenance.ts';
import { openStorage } from '../src/storage/open.ts';
import { homes, type Home } from './support/homes.ts';

const all = listMigrations().map(({ name }) => name);
const OLD = '0003_tokens';

describe.each(homes)('an upgrade, $name', ({ there, make }) => {
  describe.skipIf(!there)('of an older database', () => {
    const made: Home[] = [];
    const home = async () => {
      made.push(await make());
      return made.at(-1)!.where;
    };
    const within = async <T>(where: string, work: (connection: Connection) => Promise<T>): Promise<T> => {
      const connection = await connectDatabase(where);
      return work(connection).finally(() => connection.close());
    };
    const state = (where: string) =>
      within(where, async ({ orm }) => ({ applied: await appliedMigrations(orm), tables: (await tableForms(orm)).map(({ name }) => name) })); // prettier-ignore
    let where = '';
    beforeAll(async () => {
      where = await home();
      await within(where, async ({ orm }) => {
        await migrate(orm, { through: OLD });
        await orm.execute(sql`insert into models (hash, name, active) values (${'a'.repeat(64)}, 'old', true)`);
      });
    }, 180_000);
    afterAll(async () => {
      for (const one of made.reverse()) await one.remove();
    });

    it('is tried whole, and leaves nothing behind', async () => {
      const before = await state(where);
      expect(before.applied).toEqual(all.slice(0, 4));
      const tried = await upgradeShop(where, { tried: true });
      expect(tried).toEqual({ before: all.slice(0, 4), now: all.slice(4) });
      expect(await state(where)).toEqual(before);
    });

    it('is backed up before, and restored into the tables of now', async () => {
      const [file, files] = [join(await folderWith(), 'old.tar'), await openStorage(await folderWith())];
      await files.put(`models/${'a'.repeat(64)}.onnx`, Buffer.from('not that'));
      const failed = within(where, ({ orm }) => backup({ orm, storage: files, output: file, version: '0.0.0' }));
      // A model of made-up name is not what its name says; the rest is there all the same.
      await expect(failed).rejects.toMatchObject({ code: 'OBJECT_DAMAGED' });
      const fresh = await home();
      const manifest = await within(fresh, ({ orm }) => restore({ orm, storage: files, file }));
      expect(manifest.migration).toBe(OLD);
      const restored = await openDatabase(fresh);
      expect(await restored.orm.select({ name: models.name, metrics: models.metrics }).from(models)).toEqual([{ name: 'old', metrics: null }]); // prettier-ignore
      await restored.close();
    });

    it('is done once, with what stood there', async () => {
      expect((await upgradeShop(where)).now).toEqual(all.slice(4));
      expect(await upgradeShop(where)).toEqual({ before: all, now: [] });
      const names = await within(where, ({ orm }) => orm.select({ name: models.name }).from(models));
      expect(names).toEqual([{ name: 'old' }]);
    });

    it('is never done backwards: an older version refuses a database that it does not know', async () => {
      await within(where, ({ orm }) => orm.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)`)); // prettier-ignore
      for (const open of [() => openDatabase(where), () => upgradeShop(where, { tried: true })]) {
        await expect(open()).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
      }
    });
  });
});
