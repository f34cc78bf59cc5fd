/** @file Jobs: each is done by one worker at a time, and nothing that happens to workers or the database loses one. */
import { errorAnswerSchema, importSchema, jobsSchema, type JobsState } from '@busana/contracts';
import { asc, eq, sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importItems, imports } from '../src/database/schema/imports.ts';
import { photos, productPhotos } from '../src/database/schema/photos.ts';
import { products } from '../src/database/schema/products.ts';
import { claims, workers } from '../src/database/schema/workers.ts';
import { importState } from '../src/imports/state.ts';
import { rowsOf } from '../src/jobs/bound.ts';
import { depthOf } from '../src/jobs/dead.ts';
import { beat, Watch } from '../src/jobs/liveness.ts';
import { Worker, type Done, type Handlers } from '../src/jobs/worker.ts';
import type { Work } from '../src/jobs/work.ts';
import { homes, type Home } from './support/homes.ts';
import { several } from './support/several.ts';
import { formOf, openShop, type Shop } from './support/shop.ts';

describe('who is alive', () => {
  it('is told by beats, whatever clocks say', () => {
    const watch = new Watch(100);
    expect(watch.observe([{ id: 'a', beats: 1 }, { id: 'b', beats: 7 }], 1000)).toEqual([]); // prettier-ignore
    expect(watch.observe([{ id: 'a', beats: 2 }, { id: 'b', beats: 7 }], 1040)).toEqual([]); // prettier-ignore
    expect(watch.observe([{ id: 'a', beats: 3 }, { id: 'b', beats: 7 }], 1080)).toEqual([]); // prettier-ignore
    expect(watch.observe([{ id: 'a', beats: 3 }, { id: 'b', beats: 7 }], 1101)).toEqual(['b']); // prettier-ignore
    // One that was stopped itself has seen nothing meanwhile.
    expect(watch.observe([{ id: 'a', beats: 3 }], 9000)).toEqual([]);
    expect(watch.observe([{ id: 'a', beats: 3 }], 9050)).toEqual([]);
    expect(watch.observe([{ id: 'a', beats: 3 }], 9099)).toEqual([]);
    expect(watch.observe([{ id: 'a', beats: 3 }], 9101)).toEqual(['a']);
  });
});

describe.each(homes)('jobs, $name', ({ there, make }) => {
  describe.skipIf(!there)('of a shop', () => {
    let home: Home;
    let shop: Shop;
    const more: Worker[] = [];
    beforeAll(async () => {
      home = await make();
      shop = await openShop(home.where, { rules: { retries: 3, delay: 0 } });
    }, 120_000);
    afterAll(async () => {
      await shop.close();
      await home.remove();
    });
    beforeEach(async () => {
      const { orm } = shop.database;
      await Promise.all(more.splice(0).map((worker) => worker.close()));
      await orm.execute(sql`delete from pgboss.job`);
      for (const table of [workers, claims, imports, products, photos]) await orm.delete(table);
      shop.failures.length = 0;
    });

    const begin = async (count: number): Promise<number> => {
      const files = await several(count);
      const sent = await shop.post('/api/v1/imports', formOf(...files.map((bytes, at) => ['photo', bytes, `${at}.jpg`] as const))); // prettier-ignore
      return importSchema.parse(sent.json()).id;
    };
    const hire = (handlers: Partial<Handlers> = {}, pulse = 50): Worker => {
      const worker = new Worker({
        ...{ orm: shop.database.orm, queue: shop.jobs.queue, queues: [['predict']], pulse },
        handlers: { handle: (work, doing) => shop.imports.predict(work as Extract<Work, { kind: 'predict' }>, doing), wanted: () => Promise.resolve(true), ...handlers }, // prettier-ignore
        onFailure: (error) => shop.failures.push(error),
      });
      more.push(worker);
      worker.start();
      return worker;
    };
    const done = (id: number) => expect.poll(async () => (await importState(shop.database.orm, id)).state, { timeout: 60_000, interval: 20 }).toBe('done'); // prettier-ignore
    const jobs = async (): Promise<JobsState> => jobsSchema.parse((await shop.app.inject('/api/v1/jobs')).json());
    const claim = async (queue = 'predict') => {
      const id = randomUUID();
      await beat(shop.database.orm, { id, host: 'elsewhere', pid: 1, queues: [queue], concurrency: 1 });
      return { id, job: (await shop.jobs.queue.claim(id, queue))! };
    };
    /** Every photo is one product's, once. */
    const whole = async (id: number, count: number): Promise<void> => {
      const { orm } = shop.database;
      expect(await importState(orm, id)).toMatchObject({ state: 'done', added: count, waiting: 0, failed: 0, duplicates: 0 }); // prettier-ignore
      expect(await orm.$count(products)).toBe(count);
      expect(await orm.$count(productPhotos)).toBe(count);
    };

    it('have queues that many processes may make at the same moment', async () => {
      const { queue } = shop.jobs;
      for (const name of ['one', 'two', 'three', 'four', 'five']) {
        await Promise.all(Array.from({ length: 6 }, () => queue.make(name)));
      }
      const made = await rowsOf(shop.database.orm, sql`select name from pgboss.queue where name in ('one', 'two', 'three', 'four', 'five')`, z.object({ name: z.string() })); // prettier-ignore
      expect(made).toHaveLength(5);
    });

    it('are taken over from a worker that is silent, within seconds and once', async () => {
      const id = await begin(66);
      const dead = await claim();
      expect(dead.job).toMatchObject({ queue: 'predict', tried: 0 });
      // Its clock, and that of the database, are of no matter.
      await shop.database.orm.update(workers).set({ seenAt: new Date('2100-01-01') });
      const since = performance.now();
      hire();
      hire();
      await done(id);
      expect(performance.now() - since).toBeGreaterThan(300);
      await whole(id, 66);
      // The dead one comes back: what it has is not its own any more.
      await shop.jobs.queue.complete(dead.id, dead.job);
      await shop.jobs.queue.fail(dead.id, dead.job, 'too late');
      expect((await jobs()).queues[0]).toMatchObject({ waiting: 0, active: 0, dead: 0 });
      expect(shop.failures).toEqual([]);
    });

    it('are done twice without a difference', async () => {
      const id = await begin(66);
      const [first, second] = [await claim(), await claim()];
      expect(second.job.id).not.toBe(first.job.id);
      const doing = { signal: new AbortController().signal, tried: 0 };
      const work = first.job.data as Extract<Work, { kind: 'predict' }>;
      await Promise.all([shop.imports.predict(work, doing), shop.imports.predict(work, doing)]);
      await shop.imports.predict(work, doing);
      for (const { id: worker, job } of [first, second]) await shop.jobs.queue.handBack(worker, job);
      hire();
      await done(id);
      await whole(id, 66);
    });

    it('are handed back by a worker that is asked to end, and lose nothing', async () => {
      const id = await begin(96);
      const first = hire();
      await expect.poll(async () => (await importState(shop.database.orm, id)).added, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0); // prettier-ignore
      await first.close();
      const state = await jobs();
      expect(state.queues[0]!.active).toBe(0);
      expect(state.workers).toEqual([]);
      expect((await importState(shop.database.orm, id)).state).toBe('running');
      const again = await claim();
      // That it was begun before counts for nothing.
      expect(again.job.tried).toBe(0);
      await shop.jobs.queue.handBack(again.id, again.job);
      hire();
      await done(id);
      await whole(id, 96);
    });

    it('that fail are tried again, then given up where people see it, and tried anew when they say so', async () => {
      const id = await begin(8);
      const poison = (work: Work) => 'positions' in work && work.positions.includes(3);
      let broken = true;
      const handle: Handlers['handle'] = async (work, doing): Promise<Done> => {
        if (broken && poison(work) && doing.tried < 2) throw new Error('a photo that ends the process');
        if (broken && 'positions' in work && work.positions.length === 1 && poison(work)) throw new Error('this photo ends the process'); // prettier-ignore
        return shop.imports.predict(work as Extract<Work, { kind: 'predict' }>, doing);
      };
      hire({ handle });
      await done(id);
      // One photo has taken none of the others with it.
      const reason = 'given up: this photo ends the process';
      expect(await importState(shop.database.orm, id)).toMatchObject({ added: 7, failed: 1, waiting: 0, remarks: expect.arrayContaining([expect.objectContaining({ name: '3.jpg', state: 'failed', reason, notes: [{ code: 'given-up', file: null, row: null }], product: null })]) as unknown }); // prettier-ignore
      const { dead, queues } = await jobs();
      expect(dead).toMatchObject([{ kind: 'predict', of: id, photos: 1, reason: 'this photo ends the process' }]);
      expect(queues[0]).toMatchObject({ name: 'predict', waiting: 0, active: 0, dead: 1 });
      broken = false;
      const retried = await shop.app.inject({ method: 'POST', url: `/api/v1/jobs/${dead[0]!.id}/retry` });
      expect(jobsSchema.parse(retried.json()).dead).toEqual([]);
      await done(id);
      await whole(id, 8);
      expect((await importState(shop.database.orm, id)).remarks.flatMap(({ notes }) => notes)).toEqual([]);
      const gone = await shop.app.inject({ method: 'POST', url: `/api/v1/jobs/${dead[0]!.id}/retry` });
      expect(errorAnswerSchema.parse(gone.json()).error.code).toBe('JOB_NOT_FOUND');
    });

    it('that nobody understands are put aside, and let go', async () => {
      await shop.jobs.queue.add(shop.database.orm, [
        { queue: 'predict', work: JSON.parse('{"kind":"dance"}') as Work },
      ]);
      hire();
      await expect.poll(async () => (await jobs()).dead.length, { timeout: 30_000, interval: 20 }).toBe(1);
      const [{ id, kind, reason } = { id: '', kind: '', reason: '' }] = (await jobs()).dead;
      expect([kind, reason.slice(0, 28)]).toEqual(['unknown', 'nobody knows what it means: ']);
      const left = jobsSchema.parse((await shop.app.inject({ method: 'DELETE', url: `/api/v1/jobs/${id}` })).json());
      expect(left.dead).toEqual([]);
      expect((await shop.app.inject({ method: 'DELETE', url: `/api/v1/jobs/${id}` })).statusCode).toBe(404);
    });

    it('are found in their order, however many wait', async () => {
      const { orm } = shop.database;
      await orm.execute(sql`insert into pgboss.job (name, data, priority) select 'predict', '{}'::jsonb, at % 7 from generate_series(1, 5000) as at`); // prettier-ignore
      await orm.execute(sql`analyze pgboss.job`);
      // What the library asks for (pg-boss, plans.js, fetchNextJob).
      const plan = await rowsOf(orm, sql`explain select id from pgboss.job where name = 'predict' and state < 'active'
        and start_after < now() order by priority desc, created_on, id limit 1 for update skip locked`, z.object({ 'QUERY PLAN': z.string() })); // prettier-ignore
      const steps = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(steps).toContain('Index');
      expect(steps).not.toContain('Sort');
    });

    it('of a few photos go before those of many', async () => {
      const many = await begin(65);
      const few = await begin(1);
      const { job } = await claim();
      expect(job.data).toMatchObject({ import: few });
      expect((await claim()).job.data).toMatchObject({ import: many });
    });

    it('of an import that is cancelled end, and are nobody’s', async () => {
      const id = await begin(70);
      const stopped: boolean[] = [];
      const handle: Handlers['handle'] = async (_, { signal }) => {
        await setTimeout(20_000, undefined, { signal }).catch(() => undefined);
        stopped.push(signal.aborted);
        return 'left';
      };
      hire({ handle });
      await expect.poll(async () => (await jobs()).queues[0]!.active, { interval: 10 }).toBe(1);
      await shop.app.inject({ method: 'POST', url: `/api/v1/imports/${id}/cancel` });
      await expect.poll(() => stopped, { timeout: 5000 }).toEqual([true]);
      expect(await depthOf(shop.database.orm)).toEqual(expect.arrayContaining([{ queue: 'predict', state: 'waiting', jobs: 0 }, { queue: 'predict', state: 'active', jobs: 0 }])); // prettier-ignore
      expect(await importState(shop.database.orm, id)).toMatchObject({ state: 'cancelled', waiting: 70 });
    });

    it('are not held up by a clock that was set back', async () => {
      const id = await begin(1);
      const { orm } = shop.database;
      await orm.execute(sql`update pgboss.job set state = 'retry', start_after = now() + interval '3 hours'`);
      expect(await shop.jobs.queue.claim(randomUUID(), 'predict')).toBeUndefined();
      await shop.jobs.queue.tidy();
      expect((await claim()).job.data).toMatchObject({ import: id });
    });

    it('are counted for whoever starts and ends workers', async () => {
      await begin(130);
      await claim();
      const { body } = await shop.app.inject('/metrics');
      expect(body).toContain('busana_jobs{queue="predict",state="waiting"} 2');
      expect(body).toContain('busana_jobs{queue="predict",state="active"} 1');
      expect(body).toContain('busana_jobs{queue="train",state="dead"} 0');
    });

    it('come to the same in whatever order', async () => {
      const files = await several(10);
      // The same file again, and the same picture in another file, far from the first one.
      const rows = [
        ...files.map((bytes, at) => ['photo', bytes, `${at}.jpg`] as const),
        ['photo', files[3]!, 'again.jpg'] as const,
      ];
      const form = () => formOf(...rows);
      const fates = async (id: number) => {
        const items = await shop.database.orm.select().from(importItems).where(eq(importItems.importId, id)).orderBy(asc(importItems.position)); // prettier-ignore
        const of = new Map(items.toReversed().map(({ productId, position }) => [productId, position]));
        const same = await shop.database.orm.select({ id: products.id, of: products.duplicateOf }).from(products).orderBy(asc(products.id)); // prettier-ignore
        const flags = same.map(({ id, of: first }) => [of.get(id), first === null ? null : of.get(first)]);
        return { items: items.map(({ state, productId }) => [state, of.get(productId)]), flags: flags.sort((a, b) => a[0]! - b[0]!) }; // prettier-ignore
      };
      const first = importSchema.parse((await shop.post('/api/v1/imports', form())).json()).id;
      hire();
      await done(first);
      const wanted = await fates(first);
      expect(wanted.flags.filter(([, of]) => of !== null)).toHaveLength(5);
      await Promise.all(more.splice(0).map((worker) => worker.close()));
      await shop.database.orm.delete(imports);
      await shop.database.orm.delete(products);
      // One photo after the other, from the last to the first.
      const second = importSchema.parse((await shop.post('/api/v1/imports', form())).json()).id;
      const doing = { signal: new AbortController().signal, tried: 0 };
      const order = [9, 8, 7, 6, 5, 4, 2, 1, 0].map((position) => [position]);
      for (const positions of [...order, [3, 10]]) await shop.imports.predict({ kind: 'predict', import: second, positions }, doing); // prettier-ignore
      expect(await fates(second)).toEqual(wanted);
    });
  });
});
