/** @file The jobs of an import come to what all rows in memory at once would: the same photos in the same jobs. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../src/database/open.ts';
import { importItems, imports } from '../src/database/schema/imports.ts';
import { openDatabase } from '../src/database/up-to-date.ts';
import { planImport, receiveAll } from '../src/imports/make-jobs.ts';
import { batchesOf, groupsOf, type Tied } from '../src/imports/plan.ts';
import type { NewJob } from '../src/jobs/work.ts';
import { homes, type Home } from './support/homes.ts';

/** What is said in a few words, and takes the memory of all photos at once: groups grow together until nothing changes. */
function plainly(photos: readonly Tied[], size: number): number[][] {
  let groups = photos.map((photo) => ({ positions: [photo.position], ties: new Set(photo.ties) }));
  for (let at = 0; at < groups.length; at += 1) {
    const own = groups[at]!;
    const near = groups.findIndex((other, index) => index > at && [...other.ties].some((tie) => own.ties.has(tie)));
    if (near === -1) continue;
    own.positions.push(...groups[near]!.positions);
    for (const tie of groups[near]!.ties) own.ties.add(tie);
    groups = groups.filter((_, index) => index !== near);
    at -= 1;
  }
  const batches: number[][] = [];
  for (const { positions } of groups) {
    const open = batches.at(-1);
    if (open === undefined || open.length + positions.length > size) batches.push([...positions]);
    else open.push(...positions);
  }
  return batches.map((batch) => batch.sort((a, b) => a - b));
}

const photo = fc.record({
  hash: fc.option(fc.nat(9)),
  sku: fc.option(fc.nat(4), { freq: 1 }),
  key: fc.option(fc.nat(4), { freq: 1 }),
  state: fc.constantFrom('waiting' as const, 'waiting' as const, 'waiting' as const, 'failed' as const),
});
const tiesOf = ({ hash, sku, key }: { hash: number | null; sku: number | null; key: number | null }): string[] =>
  Object.entries({ hash, sku, key }).flatMap(([name, value]) => (value === null ? [] : `${name} ${value}`));

it('groups of photos are those that hang together, however far', () => {
  fc.assert(
    fc.property(fc.array(photo, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (photos, size) => {
      const tied = photos.map((one, at) => ({ position: 3 * at + 1, ties: tiesOf(one) }));
      expect([...batchesOf(groupsOf(tied), size)]).toEqual(plainly(tied, size));
    }),
  );
});

describe.each(homes)('jobs of an import, $name', ({ there, make }) => {
  describe.skipIf(!there)('whose rows are read a page at a time', () => {
    let [home, database]: [Home | undefined, Database] = [undefined, undefined as never];
    beforeAll(async () => {
      home = await make();
      database = await openDatabase(home.where);
    }, 120_000);
    afterAll(async () => {
      await database?.close();
      await home?.remove();
    });

    const written = async (rows: readonly Partial<typeof importItems.$inferInsert>[]): Promise<number> => {
      const [made] = await database.orm.insert(imports).values({ source: 'a test', total: rows.length }).returning();
      const items = rows.map((row, position) => ({ importId: made!.id, position, name: '', ...row }));
      for (let at = 0; at < items.length; at += 2000) await database.orm.insert(importItems).values(items.slice(at, at + 2000)); // prettier-ignore
      return made!.id;
    };
    const jobsOf = async (id: number, making: typeof planImport): Promise<NewJob[]> => {
      const jobs: NewJob[] = [];
      const queue = { add: (_: unknown, some: readonly NewJob[]) => Promise.resolve(void jobs.push(...some)) };
      await database.orm.transaction((transaction) => making(transaction, queue, id));
      return jobs;
    };
    const positionsOf = (jobs: readonly NewJob[]) =>
      jobs.map(({ work }) => ('positions' in work ? work.positions : []));

    it('have the photos of one file, one number or one product together', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(photo, { minLength: 1, maxLength: 200 }), async (photos) => {
          const id = await written(
            photos.map(({ hash, sku, key, state }) => ({
              photoHash: hash === null ? null : `hash ${hash}`,
              product: { ...(sku !== null && { sku: String(sku) }), ...(key !== null && { key: String(key) }) },
              state,
            })),
          );
          const there = photos.flatMap((one, position) =>
            one.hash === null || one.state !== 'waiting' ? [] : [{ position, ties: tiesOf(one) }],
          );
          expect(positionsOf(await jobsOf(id, planImport))).toEqual(plainly(there, 64));
        }),
        { numRuns: 15 },
      );
    });

    it('have every photo that is not there yet once, in full jobs, where it can be read', async () => {
      const rows = Array.from({ length: 20_150 }, (_, at) => ({
        location: at % 3 === 0 ? ({ kind: 'file', path: 'a' } as const) : ({ kind: 'stored', key: 'a' } as const),
        photoHash: at % 5 === 0 ? 'there' : null,
      }));
      const jobs = await jobsOf(await written(rows), receiveAll);
      const of = (here: boolean) => positionsOf(jobs.filter(({ queue }) => (queue !== 'predict') === here));
      for (const here of [true, false]) {
        const missing = rows.flatMap(({ photoHash }, at) => (photoHash === null && (at % 3 === 0) === here ? at : []));
        expect(of(here).flat()).toEqual(missing);
        expect(of(here)).toHaveLength(Math.ceil(missing.length / 64));
      }
    });
  });
});
