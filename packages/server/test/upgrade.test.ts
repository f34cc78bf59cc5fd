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

describe.each(homes)('an upgrade, $name', ({ there, makeEmpty }) => {
  describe.skipIf(!there)('of an older database', () => {
    const made: Home[] = [];
    const opened: Connection[] = [];
    const open = async () => {
      made.push(await makeEmpty());
      opened.push(await connectDatabase(made.at(-1)!.where));
      return opened.at(-1)!;
    };
    const state = async ({ orm }: Connection) => ({ applied: await appliedMigrations(orm), tables: (await tableForms(orm)).map(({ name }) => name) }); // prettier-ignore
    let old: Connection = undefined as never;
    beforeAll(async () => {
      old = await open();
      await migrate(old.orm, { through: OLD });
      await old.orm.execute(sql`insert into models (hash, name, active) values (${'a'.repeat(64)}, 'old', true)`);
    }, 180_000);
    afterAll(async () => {
      for (const one of opened) await one.close();
      for (const one of made) await one.remove();
    }, 60_000);

    it('is tried whole, and leaves nothing behind', async () => {
      const before = await state(old);
      expect(before.applied).toEqual(all.slice(0, 4));
      expect(await migrate(old.orm, { tried: true })).toEqual({ before: all.slice(0, 4), now: all.slice(4) });
      expect(await state(old)).toEqual(before);
    });

    it('is backed up before, and restored into the tables of now', async () => {
      const [file, files] = [join(await folderWith(), 'old.tar'), await openStorage(await folderWith())];
      await files.put(`models/${'a'.repeat(64)}.onnx`, Buffer.from('not that'));
      // A model of made-up name is not what its name says; the rest is there all the same.
      const failed = backup({ orm: old.orm, storage: files, output: file, version: '0.0.0' });
      await expect(failed).rejects.toMatchObject({ code: 'OBJECT_DAMAGED' });
      const fresh = await open();
      expect((await restore({ orm: fresh.orm, storage: files, file })).migration).toBe(OLD);
      expect((await state(fresh)).applied).toEqual(all);
      expect(await fresh.orm.select({ name: models.name, metrics: models.metrics }).from(models)).toEqual([{ name: 'old', metrics: null }]); // prettier-ignore
    });

    it('is done once, with what stood there', async () => {
      expect((await migrate(old.orm)).now).toEqual(all.slice(4));
      expect(await migrate(old.orm)).toEqual({ before: all, now: [] });
      expect(await old.orm.select({ name: models.name }).from(models)).toEqual([{ name: 'old' }]);
    });

    it('is never done backwards: an older version refuses a database that it does not know', async () => {
      await old.orm.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)`); // prettier-ignore
      await opened.shift()!.close();
      const [{ where }] = made as [Home];
      for (const opening of [() => openDatabase(where), () => upgradeShop(where, { tried: true })]) {
        await expect(opening()).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
      }
      await expect(upgradeShop(`${where}/none`)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    });
  });
});
