import { errorAnswerSchema } from '@busana/contracts';
import fc from 'fast-check';
import { asc, inArray } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { jpeg } from '../../vision/test/support/temporary.ts';
import { correct, undo } from '../src/catalogue/correct.ts';
import { productDetails } from '../src/catalogue/details.ts';
import { imports } from '../src/database/schema/imports.ts';
import { productAttributes } from '../src/database/schema/labels.ts';
import { photos, productPhotos } from '../src/database/schema/photos.ts';
import { products } from '../src/database/schema/products.ts';
import { guarded, unguarded } from '../src/imports/cells.ts';
import { homes } from './support/homes.ts';
import { importingShop } from './support/importing.ts';
import { formOf } from './support/shop.ts';

const photo = async (number: number) => Buffer.concat([await jpeg(number), Buffer.from(`no ${number}`)]);

describe.each(homes)('exports, $name', ({ there, make }) => {
  describe.skipIf(!there)('of a catalogue', () => {
    const here = importingShop(make);

    const exported = async (format: string) => {
      const answer = await here.shop.app.inject(`/api/v1/exports/products?format=${format}`);
      expect(answer.statusCode, answer.body).toBe(200);
      expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
      return answer.body;
    };
    /** What a shop knows of its products, without numbers that a database gives. */
    const known = async () => {
      const rows = await here.orm.select().from(products).orderBy(asc(products.id));
      const shown = await here.orm.select().from(productPhotos).orderBy(asc(productPhotos.position));
      return rows.map(({ id, sku, title, price, quantity, labels, status }) => ({
        ...{ sku, title, price, quantity, labels, status },
        photos: shown.filter(({ productId }) => productId === id).map(({ photoHash }) => photoHash),
      }));
    };
    const rows = ['product,sku,title,price,quantity,image', 'a,K-1,"=HYPERLINK(""x"")",9.50,3,1.jpg', 'a,K-1,,,,2.jpg', `b,,"@kaos, ""merah""\nbaru",120,0,3.jpg`, 'b,,,,,4.jpg', `c,-7,'=x,,5,5.jpg`]; // prettier-ignore
    const fill = async () => {
      const files = await Promise.all([1, 2, 3, 4, 5].map(async (number) => ['photo', await photo(number), `${number}.jpg`] as const)); // prettier-ignore
      const end = await here.run(formOf(['table', rows.join('\n'), 'stock.csv'], ...files));
      expect(end).toMatchObject({ added: 5, failed: 0, duplicates: 0 });
    };

    it('csv, imported again: labels of people are theirs, those of the model are not', async () => {
      await fill();
      const [first] = await known();
      const id = (await here.orm.select({ id: products.id }).from(products).orderBy(asc(products.id)))[0]!.id;
      const other = first!.labels['warna'] === '2' ? '3' : '2';
      await correct(here.orm, [{ productId: id, attribute: 'warna', code: other }], 'ani');
      const labelled = async () => {
        const { attribute, code, source } = productAttributes;
        return here.orm.select({ attribute, code, source }).from(productAttributes).orderBy(asc(productAttributes.productId), asc(attribute)); // prettier-ignore
      };
      const before = await labelled();
      expect(before.filter(({ source }) => source === 'person')).toEqual([{ attribute: 'warna', code: other, source: 'person' }]); // prettier-ignore
      const table = await exported('csv');
      // Into the same catalogue it changes nothing; into an empty one it brings the same.
      const same = await here.run(formOf(['table', table, 'export.csv']));
      expect(same).toMatchObject({ added: 0, duplicates: 5, updated: 0, warned: 0 });
      expect(await labelled()).toEqual(before);
      await here.orm.delete(imports);
      await here.orm.delete(products);
      expect(await here.run(formOf(['table', table, 'export.csv']))).toMatchObject({ added: 5, warned: 0 });
      expect(await labelled()).toEqual(before);
      // What was filled in by hand has no source.
      const edited = table.replace(/,model(,[^\n]*3\.jpg)/, ',$1').replace(/,120\.00,0,/, ',99.00,7,');
      expect(edited).not.toBe(table);
      const end = await here.run(formOf(['table', edited, 'export.csv']));
      expect(end).toMatchObject({ added: 0, duplicates: 5, updated: 1, failed: 0 });
      expect(end.remarks.flatMap(({ changes }) => changes)).toEqual([{ field: 'price', from: 120, to: 99 }, { field: 'quantity', from: 0, to: 7 }]); // prettier-ignore
      expect((await labelled()).filter(({ source }) => source === 'person')).toHaveLength(2);
    });

    it('csv, imported again: what a person has taken away stays away', async () => {
      await fill();
      const ids = (await here.orm.select({ id: products.id }).from(products).orderBy(asc(products.id))).map(({ id }) => id); // prettier-ignore
      const [first, second] = ids as [number, number];
      await correct(here.orm, [{ productId: first, attribute: 'warna', code: null }], 'ani');
      // Taken away, and that taken back.
      await correct(here.orm, [{ productId: second, attribute: 'warna', code: null }], 'ani');
      await undo(here.orm, second, 'ani');
      const before = await known();
      expect(before.map(({ labels }) => Object.keys(labels).length)).toEqual([1, 2, 2]);
      const table = await exported('csv');
      expect(await here.run(formOf(['table', table, 'export.csv']))).toMatchObject({ added: 0, updated: 0, warned: 0 });
      expect(await known()).toEqual(before);
      await here.orm.delete(imports);
      await here.orm.delete(products);
      expect(await here.run(formOf(['table', table, 'export.csv']))).toMatchObject({ added: 5, warned: 0 });
      const after = await known();
      expect(after.map(({ labels }) => labels)).toEqual(before.map(({ labels }) => labels));
      const [again] = await here.orm.select({ id: products.id }).from(products).orderBy(asc(products.id));
      const { history } = await productDetails(here.orm, again!.id);
      expect(history.map(({ actor, attribute, before, after }) => [actor, attribute, before.label?.source, after.label])).toEqual([['import', 'warna', 'model', null]]); // prettier-ignore
      expect((await exported('csv')).match(/,person,/g)).toEqual(table.match(/,person,/g));
    });

    it.each(['csv', 'shopify', 'woocommerce'])('%s, imported again, gives the same products', async (format) => {
      await fill();
      const before = await known();
      expect(before.map(({ photos }) => photos.length)).toEqual([2, 2, 1]);
      const table = await exported(format);
      await here.orm.delete(imports);
      await here.orm.delete(products);
      // Addresses are those of this server, whose photos are there still.
      const end = await here.run(formOf(['table', table, 'export.csv']));
      expect(end).toMatchObject({ added: 5, failed: 0, duplicates: 0 });
      expect(await known()).toEqual(before);
      // No cell begins with what a spreadsheet computes.
      const cells = [...table.matchAll(/(?:^|[,\n])"?(.)/g)].map(([, first]) => first);
      expect(cells.filter((first) => /[=+\-@\t\r]/.test(first!))).toEqual([]);
    });

    it('a submission of all photos that came, and one like a sample', async () => {
      await fill();
      await here.run(formOf(['photo', await photo(1), '10.jpg']));
      // A row of a price list is no photo.
      expect(await here.run(formOf(['table', 'sku,price\nK-1,3', 'prices.csv']))).toMatchObject({ updated: 1 });
      const lines = (await exported('submission')).trimEnd().split('\n');
      expect(lines.map((line) => line.split(',')[0])).toEqual(['id', '1', '2', '3', '4', '5', '10']);
      expect(lines[6]!.slice(3)).toBe(lines[1]!.slice(2));
      expect(lines.slice(1).every((line) => /^\d+,[01],[0-4]$/.test(line))).toBe(true);
      const like = (sample: string) =>
        here.shop.post('/api/v1/exports/submission', formOf(['sample', sample, 'sample.csv']));
      const answer = await like('id,warna\n4,0\n10,0\n');
      expect(answer.body).toMatch(/^id,warna\n4,[0-4]\n10,[0-4]\n$/);
      const missing = await like('id,warna\n4,0\n11,0\n');
      const { code, details } = errorAnswerSchema.parse(missing.json()).error;
      expect([missing.statusCode, code, details.problems]).toEqual([422, 'DATA_INVALID', ["sample.csv:3: there is no photo for '11'"]]); // prettier-ignore
      expect((await here.shop.app.inject({ method: 'POST', url: '/api/v1/exports/submission' })).statusCode).toBe(400);
    });

    it('nothing of an empty catalogue but the columns', async () => {
      expect(await exported('csv')).toBe('product,sku,title,price,quantity,status,joint_confidence,jenis,jenis_label,jenis_source,warna,warna_label,warna_source,image,file\n'); // prettier-ignore
      expect((await exported('submission')).trimEnd()).toBe('id,jenis,warna');
    });

    it('go on however many products there are', async () => {
      await here.orm.insert(products).values(Array.from({ length: 1203 }, (_, at) => ({ title: `product ${at}` })));
      const lines = (await exported('csv')).trimEnd().split('\n');
      expect(lines.slice(1).map((line) => line.split(',')[2])).toEqual(Array.from({ length: 1203 }, (_, at) => `product ${at}`)); // prettier-ignore
      expect(await here.orm.$count(photos, inArray(photos.hash, ['none']))).toBe(0);
    });
  });
});

describe('a cell', () => {
  it('is no formula, and can be read back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^'*[=+\-@]?.*$/)), (text) => {
        expect(guarded(text)).not.toMatch(/^[=+\-@\t\r]/);
        expect(unguarded(guarded(text))).toBe(text);
      }),
    );
  });
});
