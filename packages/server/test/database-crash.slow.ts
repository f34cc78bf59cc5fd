/** @file A database that crashes in the middle of an import. Slow: once it did not come to an end, and nobody knows why yet. */
import { errorAnswerSchema, importSchema } from '@busana/contracts';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { products } from '../src/database/schema/products.ts';
import { importState } from '../src/imports/state.ts';
import { rowsOf } from '../src/jobs/bound.ts';
import { postgresPrograms, startPostgres } from './support/postgres.ts';
import { several } from './support/several.ts';
import { formOf, openShop } from './support/shop.ts';

describe.skipIf(postgresPrograms === undefined)('a database that goes', () => {
  it('and comes back loses nothing: what was at hand goes on, and counts for no failure', async () => {
    const postgres = await startPostgres();
    const shop = await openShop(postgres.url, { pulse: 50 });
    try {
      const { orm } = shop.database;
      const files = await several(130);
      const sent = await shop.post('/api/v1/imports', formOf(...files.map((bytes, at) => ['photo', bytes, `${at}.jpg`] as const))); // prettier-ignore
      const { id } = importSchema.parse(sent.json());
      shop.worker.start();
      await expect.poll(async () => (await importState(orm, id)).added, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0); // prettier-ignore
      await postgres.down('crash');
      expect((await shop.app.inject('/readyz')).statusCode).toBe(503);
      const refused = await shop.app.inject(`/api/v1/imports/${id}`);
      expect([refused.statusCode, errorAnswerSchema.parse(refused.json()).error.code]).toEqual([503, 'DATABASE_UNAVAILABLE']); // prettier-ignore
      await postgres.up();
      await expect.poll(async () => (await importState(orm, id).catch(() => undefined))?.state, { timeout: 60_000, interval: 20 }).toBe('done'); // prettier-ignore
      expect(await importState(orm, id)).toMatchObject({ added: 130, failed: 0, duplicates: 0, waiting: 0 });
      expect(await orm.$count(products)).toBe(130);
      expect(await rowsOf(orm, sql`select id from pgboss.job where retry_count > 0`, z.unknown())).toEqual([]);
    } finally {
      await shop.close();
      await postgres.stop();
    }
  });
});
