/** @file A database that crashes, in the middle of an import and at the first word of a transaction, or falls silent. */
import { errorAnswerSchema, importSchema } from '@busana/contracts';
import { sql } from 'drizzle-orm';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isAway } from '../src/database/away.ts';
import { connectDatabase } from '../src/database/open.ts';
import { products } from '../src/database/schema/products.ts';
import { PATIENCE } from '../src/database/watched-pool.ts';
import { importState } from '../src/imports/state.ts';
import { rowsOf } from '../src/jobs/bound.ts';
import { postgresPrograms, startPostgres, type Postgres } from './support/postgres.ts';
import { several } from './support/several.ts';
import { formOf, openShop } from './support/shop.ts';

describe.skipIf(postgresPrograms === undefined)('a database that goes', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres.stop());

  it('and comes back loses nothing: what was at hand goes on, and counts for no failure', async () => {
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
    }
  });

  it('at the begin of transactions leaves a pool that is whole, and can be closed', async () => {
    const { hostname, port, pathname } = new URL(postgres.url);
    // What stands between breaks off as soon as it hears of a transaction.
    const between = createServer((socket) => {
      const behind = connect(Number(port), hostname);
      for (const end of [socket, behind]) end.on('error', () => undefined).on('close', () => (socket.destroy(), behind.destroy())); // prettier-ignore
      socket.on('data', (chunk) => (chunk.includes('begin') ? socket.destroy() : behind.write(chunk)));
      behind.on('data', (chunk) => socket.write(chunk));
    }).listen(0, hostname);
    await once(between, 'listening');
    const address = between.address();
    if (address === null || typeof address === 'string') throw new Error('it listens at no port');
    const database = await connectDatabase(`postgres://postgres@${hostname}:${address.port}${pathname}`);
    try {
      // More than the pool has connections.
      for (let at = 0; at < 12; at += 1) await expect(database.orm.transaction(() => Promise.resolve())).rejects.toThrow('begin'); // prettier-ignore
      expect(await rowsOf(database.orm, sql`select 1 as one`, z.unknown())).toEqual([{ one: 1 }]);
    } finally {
      await database.close();
      between.close();
    }
  }, 20_000);

  it('and says nothing any more is away after seconds, however long a query may take that it works at', async () => {
    const { long, look, silence } = PATIENCE;
    expect(long + look + silence).toBeLessThanOrEqual(12_000);
    const { hostname, port, pathname } = new URL(postgres.url);
    let silent = false;
    const between = createServer((socket) => {
      const behind = connect(Number(port), hostname);
      for (const end of [socket, behind]) end.on('error', () => undefined).on('close', () => (socket.destroy(), behind.destroy())); // prettier-ignore
      // What is sent into a hole is gone, and nobody is told.
      socket.on('data', (chunk) => !silent && behind.write(chunk));
      behind.on('data', (chunk) => !silent && socket.write(chunk));
    }).listen(0, hostname);
    await once(between, 'listening');
    const address = between.address();
    if (address === null || typeof address === 'string') throw new Error('it listens at no port');
    const database = await connectDatabase(`postgres://postgres@${hostname}:${address.port}${pathname}`, { look: 50, long: 200, silence: 400 }); // prettier-ignore
    const asked = () => rowsOf(database.orm, sql`select 1 as one`, z.unknown());
    try {
      // Ten times as long as whoever is silent gets.
      expect(await rowsOf(database.orm, sql`select 1 as one from pg_sleep(2)`, z.unknown())).toEqual([{ one: 1 }]);
      silent = true;
      const failures = await Promise.all([asked(), asked(), database.orm.transaction(asked)].map((one) => one.catch((error: unknown) => error))); // prettier-ignore
      expect(failures.map(isAway)).toEqual([true, true, true]);
      silent = false;
      expect(await asked()).toEqual([{ one: 1 }]);
      silent = true;
    } finally {
      // Nor is it waited for at the end.
      await database.close();
      between.close();
    }
  }, 20_000);
});
