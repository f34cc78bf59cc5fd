import { BusanaError } from '@busana/contracts';
import fc from 'fast-check';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addProducts } from '../src/catalogue/add.ts';
import { correct, undo } from '../src/catalogue/correct.ts';
import { facets, stockMatrix } from '../src/catalogue/count.ts';
import { findProducts, wordsInUse } from '../src/catalogue/find.ts';
import type { Database, Orm } from '../src/database/open.ts';
import { openDatabase } from '../src/database/up-to-date.ts';
import { attributeChanges, productAttributes } from '../src/database/schema/labels.ts';
import { models } from '../src/database/schema/models.ts';
import { photos } from '../src/database/schema/photos.ts';
import { products, stockCells } from '../src/database/schema/products.ts';
import { garment, MODEL } from './support/garments.ts';
import { homes, type Home } from './support/homes.ts';

describe.each(homes)('a catalogue, $name', ({ there, make }) => {
  describe.skipIf(!there)('as it is used', () => {
    let [home, database]: [Home | undefined, Database | undefined] = [undefined, undefined];
    let orm: Orm;

    beforeAll(async () => {
      home = await make();
      database = await openDatabase(home.where);
      orm = database.orm;
      await orm.insert(models).values({ hash: MODEL, name: 'garments' });
    }, 120_000);
    afterAll(async () => {
      await database?.close();
      await home?.remove();
    });
    beforeEach(async () => {
      await orm.delete(products);
      await orm.delete(stockCells);
    });

    it('counts products and pieces by label, each facet without its own filter', async () => {
      await addProducts(orm, [garment('0', '0', { quantity: 3 }), garment('0', '3'), garment('1', '3', { status: 'review' })], MODEL); // prettier-ignore
      const found = await facets(orm, { labels: { jenis: ['0'] } }, ['jenis', 'warna']);
      expect(found).toEqual({
        total: { products: 2, pieces: 4 },
        attributes: {
          jenis: { 0: { products: 2, pieces: 4 }, 1: { products: 1, pieces: 1 } },
          warna: { 0: { products: 1, pieces: 3 }, 3: { products: 1, pieces: 1 } },
        },
        status: { accept: { products: 2, pieces: 4 } },
      });
      expect(await stockMatrix(orm, 'jenis', 'warna', { status: ['accept'] })).toEqual({
        0: { 0: { products: 1, pieces: 3 }, 3: { products: 1, pieces: 1 } },
      });
    });

    it('finds titles by stems of both languages, and counts what words find', async () => {
      const titled = (title: string) => garment('0', '0', { title });
      await addProducts(orm, [titled('Kaos bergambar kucing'), titled('Shirts with cats'), titled('Plain')], MODEL);
      const titles = async (...words: string[]) =>
        (await findProducts(orm, { words }, { limit: 10 })).map(({ title }) => title);
      expect(await titles('gambar')).toEqual(['Kaos bergambar kucing']);
      expect(await titles('cat')).toEqual(['Shirts with cats']);
      expect(await titles('shirt', 'kucing')).toEqual([]);
      expect(await wordsInUse(orm, ['kucing', 'panda', 'cats'])).toEqual(new Set(['kucing', 'cats']));
      expect((await facets(orm, { words: ['cat'] }, ['jenis'])).attributes).toEqual({ jenis: { 0: { products: 1, pieces: 1 } } }); // prettier-ignore
    });

    it('turns pages without leaving out or repeating a product, though others come and go between', async () => {
      const ids = await addProducts(orm, Array.from({ length: 25 }, () => garment('0', '1')), MODEL); // prettier-ignore
      const seen: number[] = [];
      for (let before: number | undefined; ;) {
        const page = await findProducts(
          orm,
          { labels: { warna: ['1', '2'] } },
          { limit: 10, ...(before && { before }) },
        );
        if (page.length === 0) break;
        seen.push(...page.map(({ id }) => id));
        before = page.at(-1)!.id;
        await addProducts(orm, [garment('0', '1')], MODEL);
        await orm.delete(products).where(eq(products.id, seen[0]!));
      }
      expect(seen).toEqual(ids.toReversed());
    });

    it('shows the first photo of a product', async () => {
      const photo = { name: 'a.jpg', format: 'jpeg', width: 200, height: 200, bytes: 1000 };
      await orm.insert(photos).values([{ hash: 'f1', ...photo }, { hash: 'f2', ...photo }]).onConflictDoNothing(); // prettier-ignore
      await addProducts(orm, [garment('0', '0', { photoHashes: ['f2', 'f1'] })], MODEL);
      expect((await findProducts(orm, {}, { limit: 5 })).map(({ photoHash }) => photoHash)).toEqual(['f2']);
    });

    it('adds all of a list or nothing', async () => {
      await expect(addProducts(orm, [garment('0', '0'), garment('0', '0', { photoHashes: ['none'] })], MODEL)).rejects.toThrow(); // prettier-ignore
      expect(await findProducts(orm, {}, { limit: 5 })).toEqual([]);
      expect((await facets(orm, {}, [])).total).toEqual({ products: 0, pieces: 0 });
    });

    it('takes a correction back exactly, also the second of two, and only by whom it was made', async () => {
      const [id] = await addProducts(orm, [garment('0', '0', { status: 'review', reason: 'unsure' })], MODEL);
      const state = async () => ({
        product: (await findProducts(orm, {}, { limit: 1 })).map(({ labels, status, reason }) => ({ labels, status, reason })), // prettier-ignore
        label: (await orm.select().from(productAttributes).where(eq(productAttributes.attribute, 'warna'))).map(
          ({ code, source, confidence, modelHash }) => ({ code, source, confidence, modelHash }),
        ),
      });
      const [first] = [await state()];
      await correct(orm, [{ productId: id!, attribute: 'warna', code: '3' }], 'ana');
      const second = await state();
      expect(second.product).toEqual([{ labels: { jenis: '0', warna: '3' }, status: 'accept', reason: '' }]);
      expect(second.label).toEqual([{ code: '3', source: 'person', confidence: null, modelHash: null }]);
      await correct(orm, [{ productId: id!, attribute: 'warna', code: null }], 'ana');
      expect((await state()).label).toEqual([]);
      expect(await undo(orm, id!, 'budi')).toBe(false);
      expect(await undo(orm, id!, 'ana')).toBe(true);
      expect(await state()).toEqual(second);
      expect(await undo(orm, id!, 'ana')).toBe(true);
      expect(await state()).toEqual(first);
      expect(await undo(orm, id!, 'ana')).toBe(false);
      expect(await orm.$count(attributeChanges)).toBe(4);
    });

    it('refuses a correction of what is not there, and then writes none of the others', async () => {
      const [id] = await addProducts(orm, [garment('0', '0')], MODEL);
      const failure = correct(orm, [{ productId: id!, attribute: 'warna', code: '4' }, { productId: -1, attribute: 'warna', code: '4' }], 'ana'); // prettier-ignore
      await expect(failure).rejects.toThrow(BusanaError);
      await expect(failure).rejects.toMatchObject({ code: 'PRODUCT_NOT_FOUND' });
      expect((await findProducts(orm, {}, { limit: 1 }))[0]!.labels).toEqual({ jenis: '0', warna: '0' });
    });

    it('has counts that equal what is in the list, whatever happened', async () => {
      const code = fc.constantFrom('0', '1');
      const step = fc.oneof(
        fc.record({ kind: fc.constant('add' as const), jenis: code, warna: code, quantity: fc.integer({ min: 0, max: 9 }) }), // prettier-ignore
        fc.record({ kind: fc.constant('correct' as const), at: fc.nat(20), code: fc.option(code) }),
        fc.record({ kind: fc.constantFrom('undo' as const, 'remove' as const), at: fc.nat(20) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          await orm.delete(products);
          const ids: number[] = [];
          for (const what of steps) {
            if (what.kind === 'add') {
              const { jenis, warna, quantity } = what;
              ids.push(...(await addProducts(orm, [garment(jenis, warna, { quantity })], MODEL)));
            } else if (ids.length > 0) {
              const productId = ids[what.at % ids.length]!;
              if (what.kind === 'correct')
                await correct(orm, [{ productId, attribute: 'warna', code: what.code }], 'ana');
              if (what.kind === 'undo') await undo(orm, productId, 'ana');
              if (what.kind === 'remove') {
                await orm.delete(products).where(eq(products.id, productId));
                ids.splice(ids.indexOf(productId), 1);
              }
            }
          }
          const expected = await orm
            .select({
              labels: products.labels,
              status: products.status,
              products: sql`count(*)::integer`,
              pieces: sql`sum(${products.quantity})::integer`,
            }) // prettier-ignore
            .from(products)
            .groupBy(products.labels, products.status)
            .orderBy(products.labels, products.status);
          const { labels, status } = stockCells;
          const counted = await orm.select().from(stockCells).where(sql`${stockCells.products} <> 0`).orderBy(labels, status); // prettier-ignore
          expect(counted).toEqual(expected);
        }),
        { numRuns: 15 },
      );
    });

    it('opens again with what was in it', async () => {
      await addProducts(orm, [garment('1', '4', { title: 'stays' })], MODEL);
      await database!.close();
      database = await openDatabase(home!.where);
      orm = database.orm;
      expect((await findProducts(orm, {}, { limit: 5 })).map(({ title }) => title)).toEqual(['stays']);
    });
  });
});

describe('a database that cannot be opened', () => {
  it('is named without its password', async () => {
    const failure = openDatabase('postgres://ana:secret@127.0.0.1:1/shop');
    await expect(failure).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await expect(failure).rejects.toThrow('postgres://ana:…@127.0.0.1:1/shop');
  });
});
