/** @file What a table says of products: labels that are a person's word, and updates of what is there already. */
import { garments } from '@busana/vision';
import { and, asc, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jpeg } from '../../vision/test/support/temporary.ts';
import { correct } from '../src/catalogue/correct.ts';
import { productDetails } from '../src/catalogue/details.ts';
import { importItems, imports } from '../src/database/schema/imports.ts';
import { productPhotos } from '../src/database/schema/photos.ts';
import { products } from '../src/database/schema/products.ts';
import { entriesOf } from '../src/imports/entries.ts';
import { importState } from '../src/imports/state.ts';
import { writeOutcomes, type Outcome } from '../src/imports/write.ts';
import { recordPhotos } from '../src/photos/record.ts';
import { confirmedPhotos } from '../src/trainings/confirmed.ts';
import { homes } from './support/homes.ts';
import { importingShop } from './support/importing.ts';
import { formOf } from './support/shop.ts';

const photo = async (number: number) => Buffer.concat([await jpeg(number), Buffer.from(`no ${number}`)]);
const entries = (table: string, names: readonly string[] = ['1.jpg', '2.jpg', '3.jpg']) =>
  entriesOf(
    {
      photos: names.map((name) => ({ name, location: { kind: 'file', path: name } })),
      table: { name: 'stock.csv', bytes: Buffer.from(table) },
    },
    garments.attributes,
  );
interface Row {
  readonly photo: number;
  readonly sku: string;
  readonly price: string;
  readonly warna: string;
}
const labelsOf = (table: string) => entries(table).map(({ product }) => product.labels);

describe('label columns of a table', () => {
  it.each([
    ['the names of the schema', 'image,jenis,warna\n1.jpg,1,3'],
    ['titles in any language, whatever their case', 'image,Type,COLOUR\n1.jpg,Hoodie,Black'],
    ['the other spelling, other names and aliases', 'image,type,Color\n1.jpg,hodie,hitam'],
    ['columns as a competition has them', 'id,jenis,warna\n1,1,3'],
    ['an export, where a person has said it', 'image,jenis,jenis_source,warna,warna_source,joint_confidence\n1.jpg,1,person,3,,0.9'], // prettier-ignore
  ])('are %s', (_, table) => {
    expect(labelsOf(table)).toEqual([{ jenis: '1', warna: '3' }]);
  });

  it.each([
    ['an empty cell', 'image,jenis,warna\n1.jpg,,'],
    ['what a model has written', 'image,jenis,jenis_label,jenis_confidence,joint_confidence\n1.jpg,1,hoodie,0.9,0.9'],
    ['an export, where the model has said it', 'image,jenis,jenis_source\n1.jpg,1,model'],
    ['a column that may be of either attribute', 'image,label\n1.jpg,1'],
  ])('say nothing in %s', (_, table) => {
    expect(labelsOf(table)).toEqual([undefined]);
    expect(entries(table)[0]!.warning).toBe('');
  });

  it('are called label where there is one attribute alone', () => {
    const table = { name: 'labels.csv', bytes: Buffer.from('image,label\n1.jpg,hodie') };
    const found = entriesOf({ photos: [], table }, garments.attributes.slice(0, 1));
    expect(found[0]!.failure).toContain('there is no photo');
    const photos = [{ name: '1.jpg', location: { kind: 'file' as const, path: '1.jpg' } }];
    expect(entriesOf({ photos, table }, garments.attributes.slice(0, 1))[0]!.product.labels).toEqual({ jenis: '1' });
  });

  it('are warned about, with what could stand there, where a cell is no value; the rest of the row counts', () => {
    const place = { file: 'stock.csv', row: 2 };
    expect(entries('image,Type,warna,price\n1.jpg,sweater,merah,9').map(({ failure, warning, notes, product }) => ({ failure, warning, notes, product }))).toEqual([{ failure: '', warning: "stock.csv, row 2: column 'type': 'sweater' is none of T-shirt (0), hoodie (1); the cell is passed over", notes: [{ code: 'label-unknown', ...place, column: 'type', cell: 'sweater', attribute: 'jenis' }], product: { price: 9, labels: { warna: '0' } } }]); // prettier-ignore
  });

  it('and other cells are the same in all rows of a product, the first that says something', () => {
    const found = entries('sku,image,price,type\nK-1,1.jpg,,\nK-1,2.jpg,9,kaos\nK-1,3.jpg,8,hoodie');
    expect(found.map(({ product }) => product)).toEqual(
      Array(3).fill({ sku: 'K-1', price: 9, labels: { jenis: '0' } }),
    );
    expect(found[2]!.warning).toBe("stock.csv, row 4: price '8' is not what row 3 says of the same product, '9', which counts; label jenis '1' is not what row 3 says of the same product, '0', which counts"); // prettier-ignore
    const place = { file: 'stock.csv', row: 4, first: 3 };
    expect(found[2]!.notes).toEqual([{ code: 'cell-contradicts', ...place, field: 'price', said: 8, counts: 9 }, { code: 'label-contradicts', ...place, attribute: 'jenis', said: '1', counts: '0' }]); // prettier-ignore
  });

  it('need no photo where the number says which product', () => {
    const told = entries('sku,price\nK-1,9\nK-2,\n,7', []);
    expect(told.map(({ name, failure }) => [name, failure])).toEqual([['K-1', ''], ['K-2', ''], ['', "stock.csv, row 4: there is no photo ''"]]); // prettier-ignore
    // A photo that is called by the number is one all the same.
    expect(entries('sku,price\nK-1,9', ['K-1.jpg'])[0]!.location).toEqual({ kind: 'file', path: 'K-1.jpg' });
  });
});

describe.each(homes)('imports of tables, $name', ({ there, make }) => {
  describe.skipIf(!there)('of a catalogue', () => {
    const here = importingShop(make);
    const run = async (table: string, ...numbers: readonly number[]) => {
      const files = await Promise.all(numbers.map(async (number) => ['photo', await photo(number), `${number}.jpg`] as const)); // prettier-ignore
      return here.run(formOf(['table', table, 'stock.csv'], ...files));
    };
    const all = () => here.orm.select().from(products).orderBy(asc(products.id));
    const changed = (end: Awaited<ReturnType<typeof run>>) => end.remarks.flatMap(({ changes }) => changes);

    it('label products by a person, with history, to be learnt from', async () => {
      const end = await run('image,type,colour\n1.jpg,hoodie,blue\n2.jpg,sweater,merah\n3.jpg,,', 1, 2, 3);
      expect(end).toMatchObject({ added: 3, failed: 0, updated: 0, warned: 1 });
      expect(end.remarks.map(({ name, state }) => [name, state])).toEqual([['2.jpg', 'added']]);
      expect(end.remarks[0]!.warning).toMatch(/^stock\.csv, row 3: column 'type': 'sweater' is none of T-shirt/);
      const [first, second, third] = await all();
      expect(first).toMatchObject({ labels: { jenis: '1', warna: '2' }, status: 'accept', reason: '' });
      const { attributes, history } = await productDetails(here.orm, first!.id);
      expect(attributes.map(({ attribute, source, confidence }) => [attribute, source, confidence]).sort()).toEqual([['jenis', 'person', null], ['warna', 'person', null]]); // prettier-ignore
      expect(history.map(({ actor, before, after }) => [actor, before.label?.source, after.label?.code])).toEqual(expect.arrayContaining([['import', 'model', '1'], ['import', 'model', '2']])); // prettier-ignore
      // The model's word on the type stays the model's, and nobody has looked at the photo.
      const partly = await productDetails(here.orm, second!.id);
      expect(partly.attributes.map(({ attribute, source }) => [attribute, source]).sort()).toEqual([['jenis', 'model'], ['warna', 'person']]); // prettier-ignore
      expect(partly.status).toBe(partly.history[0]!.before.status);
      expect((await productDetails(here.orm, third!.id)).history).toEqual([]);
      expect((await confirmedPhotos(here.orm)).map(({ labels }) => labels)).toEqual(expect.arrayContaining([{ jenis: '1', warna: '2' }, { warna: '0' }])); // prettier-ignore
      expect(await confirmedPhotos(here.orm)).toHaveLength(2);
    });

    it('update price, stock and title of what is there, by number and by photo, once', async () => {
      await run('sku,image,title,price,quantity\nK-1,1.jpg,Kaos,9.50,3\n,2.jpg,Hodie,20,1', 1, 2);
      const again = 'sku,image,title,price,quantity\nK-1,1.jpg,,12,5\nK-2,2.jpg,Hodie biru,,0\nK-1,3.jpg,,12,';
      const end = await run(again, 1, 2, 3);
      expect(end).toMatchObject({ total: 3, added: 1, duplicates: 2, failed: 0, updated: 2, warned: 0 });
      expect(changed(end)).toEqual([
        { field: 'price', from: 9.5, to: 12 },
        { field: 'quantity', from: 3, to: 5 },
        { field: 'sku', from: null, to: 'K-2' },
        { field: 'title', from: 'Hodie', to: 'Hodie biru' },
        { field: 'quantity', from: 1, to: 0 },
      ]);
      const after = await all();
      expect(after.map(({ sku, title, price, quantity }) => [sku, title, price, quantity])).toEqual([['K-1', 'Kaos', 12, 5], ['K-2', 'Hodie biru', 20, 0]]); // prettier-ignore
      expect(await here.orm.$count(productPhotos)).toBe(3);
      expect(await run(again, 1, 2, 3)).toMatchObject({ added: 0, duplicates: 3, updated: 0 });
      expect(await all()).toEqual(after);
    });

    it('update without photos, where the number is known', async () => {
      await run('sku,image,price\nK-1,1.jpg,9\nK-2,2.jpg,8', 1, 2);
      const end = await run('SKU,harga,stok\nK-1,10,\nK-9,1,1\nK-2,8,4');
      expect(end).toMatchObject({ total: 3, added: 0, duplicates: 2, failed: 1, updated: 2 });
      expect(end.remarks.find(({ state }) => state === 'failed')!.reason).toBe("there is no photo, and no product of the number 'K-9'"); // prettier-ignore
      expect(end.remarks.flatMap(({ notes }) => notes)).toEqual([{ code: 'product-missing', file: null, row: null, sku: 'K-9' }]); // prettier-ignore
      expect((await all()).map(({ price, quantity }) => [price, quantity])).toEqual([[10, 1], [8, 4]]); // prettier-ignore
    });

    it('leave a product alone that a photo of another number is of', async () => {
      await run('sku,image,price\nK-1,1.jpg,9', 1);
      expect(await run('sku,image,price\nK-2,1.jpg,7', 1)).toMatchObject({ duplicates: 1, updated: 0 });
      expect((await all()).map(({ sku, price }) => [sku, price])).toEqual([['K-1', 9]]);
    });

    it('keep labels of people, unless the table says another', async () => {
      await run('sku,image\nK-1,1.jpg', 1);
      const { id, labels } = (await all())[0]!;
      const [jenis, warna] = [labels['jenis'] === '0' ? '1' : '0', '2'];
      await correct(here.orm, [{ productId: id, attribute: 'jenis', code: jenis }, { productId: id, attribute: 'warna', code: warna }], 'ani'); // prettier-ignore
      expect(await run(`sku,image,price,jenis,warna\nK-1,1.jpg,5,${jenis},`, 1)).toMatchObject({ updated: 1 });
      expect((await productDetails(here.orm, id)).history.map(({ actor }) => actor)).toEqual(['ani', 'ani']);
      const end = await run('sku,image,warna\nK-1,1.jpg,hitam', 1);
      expect(changed(end)).toEqual([{ field: 'warna', from: '2', to: '3' }]);
      const { history, labels: now } = await productDetails(here.orm, id);
      expect(now).toEqual({ jenis, warna: '3' });
      expect(history.map(({ actor, before, after }) => [actor, before.label?.code, after.label?.code])[0]).toEqual(['import', '2', '3']); // prettier-ignore
    });

    it('come to the same in whatever pieces they are done, and however often', async () => {
      const hash = (number: number) => String(number).padStart(64, '0');
      await recordPhotos(here.orm, [0, 1, 2, 3].map((number) => ({ hash: hash(number), name: '', format: 'jpeg', width: 1, height: 1, bytes: 1 }))); // prettier-ignore
      const row: fc.Arbitrary<Row> = fc.record({ photo: fc.nat(3), sku: fc.constantFrom('', 'K-1', 'K-2'), price: fc.constantFrom('', '5', '6'), warna: fc.constantFrom('', '1', '2') }); // prettier-ignore
      const rows = fc.array(row, { minLength: 1, maxLength: 6 });
      /** An import of these rows, as its jobs write it: photos that are known before the others. */
      const write = async (given: readonly Row[], pieces: number) => {
        const table = ['sku,image,price,warna', ...given.map(({ sku, photo, price, warna }) => `${sku},${photo}.jpg,${price},${warna}`)].join('\n'); // prettier-ignore
        const [made] = await here.orm.insert(imports).values({ source: 'a test', total: given.length }).returning();
        const { id } = made!;
        const listed = entries(table, ['0.jpg', '1.jpg', '2.jpg', '3.jpg']);
        await here.orm.insert(importItems).values(listed.map(({ name, product, warning = '' }, position) => ({ importId: id, position, name, product, warning }))); // prettier-ignore
        const answer = { prediction: { image: '', attributes: [{ name: 'warna', code: '0', label: '', confidence: 1, probabilities: {} }], joint_confidence: 1, status: 'accept' as const, reason: '', model: '' }, reasons: [], doubts: [], embedding: undefined }; // prettier-ignore
        const items = await here.orm.select().from(importItems).where(eq(importItems.importId, id)).orderBy(asc(importItems.position)); // prettier-ignore
        const asked = { modelHash: here.shop.predictor.hash, lookAlikes: here.shop.lookAlikes };
        // Begun anew after each piece, as a job whose worker has died: what is there by then is not asked about.
        for (;;) {
          const left = await here.orm.select({ at: importItems.position }).from(importItems).where(waitingOf(id)).orderBy(asc(importItems.position)); // prettier-ignore
          if (left.length === 0) break;
          const owned = new Set((await here.orm.select().from(productPhotos)).map(({ photoHash }) => photoHash));
          const outcomes = left.map(({ at }): Outcome => {
            const own = hash(Number(items[at]!.name.replace('.jpg', '')));
            return { item: items[at]!, hash: own, ...(!owned.has(own) && { answer }) };
          });
          const seen = outcomes.filter(({ answer: given }) => given === undefined);
          await writeOutcomes(here.orm, seen, asked);
          await writeOutcomes(here.orm, outcomes.filter((one) => !seen.includes(one)).slice(0, pieces), asked);
        }
        return importState(here.orm, id);
      };
      const waitingOf = (id: number) => and(eq(importItems.importId, id), eq(importItems.state, 'waiting'));
      const state = async () => {
        const found = await all();
        const shown = await here.orm.select().from(productPhotos).orderBy(asc(productPhotos.productId), asc(productPhotos.position)); // prettier-ignore
        return found.map(({ id, sku, price, labels }) => ({ sku, price, labels, photos: shown.filter(({ productId }) => productId === id).map(({ photoHash }) => Number(photoHash)) })); // prettier-ignore
      };
      const afresh = async (pieces: number, ...tables: readonly (readonly Row[])[]) => {
        await here.orm.delete(imports);
        await here.orm.delete(products);
        const ends = [];
        for (const table of tables) ends.push(await write(table, pieces));
        return { ends: ends.map(({ added, duplicates, updated }) => ({ added, duplicates, updated })), now: await state() }; // prettier-ignore
      };
      await fc.assert(
        fc.asyncProperty(rows, rows, fc.integer({ min: 1, max: 5 }), async (first, second, pieces) => {
          const whole = await afresh(100, first, second);
          expect(await afresh(pieces, first, second)).toEqual(whole);
        }),
        { numRuns: 15 },
      );
    });
  });
});
