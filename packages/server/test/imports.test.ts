import { errorAnswerSchema, importSchema, type ImportState } from '@busana/contracts';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asc } from 'drizzle-orm';
import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';
import { folderWith, jpeg } from '../../vision/test/support/temporary.ts';
import { zipBytes } from '../../vision/test/support/zip.ts';
import { findProducts } from '../src/catalogue/find.ts';
import { importItems, imports } from '../src/database/schema/imports.ts';
import { productPhotos } from '../src/database/schema/photos.ts';
import { products } from '../src/database/schema/products.ts';
import { createImport } from '../src/imports/create.ts';
import { importState } from '../src/imports/state.ts';
import { writeOutcomes, type Outcome } from '../src/imports/write.ts';
import { recordPhotos } from '../src/photos/record.ts';
import { homes } from './support/homes.ts';
import { importingShop } from './support/importing.ts';
import { formOf, openShop } from './support/shop.ts';

const URL = '/api/v1/imports';

/** The same picture for the same number, and another file for every other. */
const photo = async (number: number) => Buffer.concat([await jpeg(number % 5), Buffer.from(`no ${number}`)]);
const several = (count: number, first = 0) => Promise.all(Array.from({ length: count }, (_, at) => photo(first + at)));

describe.each(homes)('imports, $name', ({ there, make }) => {
  describe.skipIf(!there)('as they are used', () => {
    const here = importingShop(make);

    const accepted = (response: LightMyRequestResponse): ImportState => {
      expect(response.statusCode, response.body).toBe(202);
      const state = importSchema.parse(response.json());
      expect(response.headers['location']).toBe(`${URL}/${state.id}`);
      return state;
    };
    /** Listens to an import to its end. */
    const ended = async (id: number): Promise<ImportState> => {
      const { body, headers } = await here.shop.app.inject(`${URL}/${id}/events`);
      expect(headers['content-type']).toContain('text/event-stream');
      const states = body.trim().split('\n\n').map((event) => importSchema.parse(JSON.parse(event.replace(/^event: progress\ndata: /, '')))); // prettier-ignore
      const progress = states.map(({ waiting }) => waiting);
      expect(progress).toEqual(progress.toSorted((a, b) => b - a));
      for (const { total, added, duplicates, failed, waiting } of states) expect(added + duplicates + failed + waiting).toBe(total); // prettier-ignore
      expect(here.shop.failures).toEqual([]);
      return states.at(-1)!;
    };
    const run = async (form: FormData) => ended(accepted(await here.shop.post(URL, form)).id);
    const folderImport = async (folder: string) =>
      here.shop.app.inject({ method: 'POST', url: URL, payload: { folder } });
    const failure = (response: LightMyRequestResponse) => ({ status: response.statusCode, ...errorAnswerSchema.parse(response.json()).error }); // prettier-ignore
    const list = async () => (await findProducts(here.orm, {}, { limit: 200 })).toReversed();

    it('make a product of each photo, with the labels of the model and the photo itself', async () => {
      const files = await several(20);
      const end = await run(formOf(...files.map((bytes, at) => ['photo', bytes, `${at}.jpg`] as const)));
      expect(end).toMatchObject({ state: 'done', source: '20 photos', total: 20, added: 20, duplicates: 0, failed: 0, waiting: 0 }); // prettier-ignore
      // Five pictures in four files each.
      expect(end.remarks.map(({ name, state }) => [name, state])).toEqual(files.slice(5).map((_, at) => [`${at + 5}.jpg`, 'added'])); // prettier-ignore
      expect(end.remarks.every(({ same_as: original }) => original !== null)).toBe(true);
      expect(end.kind).toBe('photos');
      expect(end.finished_at).not.toBeNull();
      const found = await list();
      expect(found).toHaveLength(20);
      for (const [at, { labels, photoHash, jointConfidence }] of found.entries()) {
        expect(Object.keys(labels)).toEqual(['jenis', 'warna']);
        expect(jointConfidence).toBeGreaterThan(0);
        const { rawPayload, headers } = await here.shop.app.inject(`/api/v1/photos/${photoHash}`);
        expect(rawPayload.equals(files[at]!)).toBe(true);
        expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=31536000, immutable', 'x-content-type-options': 'nosniff', etag: `"${photoHash}"` }); // prettier-ignore
      }
      const { photoHash } = found[0]!;
      const known = await here.shop.app.inject({ url: `/api/v1/photos/${photoHash}`, headers: { 'if-none-match': `"${photoHash}"` } }); // prettier-ignore
      expect([known.statusCode, known.body]).toEqual([304, '']);
      const small = await here.shop.app.inject(`/api/v1/photos/${photoHash}/thumbnail`);
      expect([small.statusCode, small.headers['content-type']]).toEqual([200, 'image/jpeg']);
      for (const missing of ['f'.repeat(64), `${'f'.repeat(64)}/thumbnail`]) {
        expect((await here.shop.app.inject(`/api/v1/photos/${missing}`)).statusCode).toBe(404);
      }
      expect((await here.shop.app.inject('/api/v1/photos/..%2F..%2Fmodel.onnx')).statusCode).toBe(400);
    });

    it('flag photos that are there already, and take what is no photo for what it is', async () => {
      const [a, b, c] = (await several(3)) as [Buffer, Buffer, Buffer];
      await run(formOf(['p', a, 'a.jpg']));
      const [first] = await list();
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>';
      const cut = (await jpeg(4)).subarray(0, 400);
      const end = await run(formOf(['p', b, 'b.jpg'], ['p', a, 'again.jpg'], ['p', b, 'twice.jpg'], ['p', svg, 'x.jpg'], ['p', cut, 'cut.jpg'], ['p', c, 'photo without extension'])); // prettier-ignore
      expect(end).toMatchObject({ state: 'done', total: 6, added: 2, duplicates: 2, failed: 2 });
      expect((await list()).length).toBe(3);
      const second = (await list())[1]!;
      const refused = { code: 'photo-refused', file: null, row: null, error: 'IMAGE_UNREADABLE' };
      expect(end.remarks).toEqual([
        {
          name: 'again.jpg',
          state: 'duplicate',
          reason: `product ${first!.id} has this photo`,
          product: first!.id,
          same_as: null,
          warning: '',
          notes: [],
          changes: [],
        },
        {
          name: 'twice.jpg',
          state: 'duplicate',
          reason: `product ${second.id} has this photo`,
          product: second.id,
          same_as: null,
          warning: '',
          notes: [],
          changes: [],
        },
        {
          name: 'cut.jpg',
          state: 'failed',
          reason: expect.stringMatching(/damaged/) as string,
          product: null,
          same_as: null,
          warning: '',
          notes: [refused],
          changes: [],
        },
        {
          name: 'x.jpg',
          state: 'failed',
          reason: 'the content is svg, not a photo',
          product: null,
          same_as: null,
          warning: '',
          notes: [refused],
          changes: [],
        },
      ]);
    });

    it('read a table beside photos or a zip, or in it; photos of one number are of one product', async () => {
      const files = await several(4);
      const rows = ['SKU,image,title,price,stok', 'K-1,1.jpg,"Kaos, merah",99.50,3', 'K-1,deep/2,,,', 'K-2,3.jpg,=1+1,,0', ',4.jpg,,cheap,', ',5.jpg,,,']; // prettier-ignore
      const members = files.map((bytes, at) => ({ name: `${at === 1 ? 'deep/' : ''}${at + 1}.jpg`, bytes }));
      const table = `${rows.join('\n')}\n`;
      const zip = zipBytes(members);
      const end = await run(formOf(['csv', table, 'stock.csv'], ['zip', zip, 'photos.zip']));
      expect(end).toMatchObject({ source: 'photos.zip', state: 'done', total: 5, added: 3, failed: 2 });
      expect(end.remarks.map(({ name, reason }) => [name, reason])).toEqual([
        ['4.jpg', "stock.csv, row 5: the price 'cheap' is no number like 99.50"],
        ['5.jpg', "stock.csv, row 6: there is no photo '5.jpg'"],
      ]);
      expect(end.remarks.map(({ notes }) => notes)).toEqual([
        [{ code: 'price-invalid', file: 'stock.csv', row: 5, cell: 'cheap' }],
        [{ code: 'photo-missing', file: 'stock.csv', row: 6, name: '5.jpg' }],
      ]);
      const found = await list();
      expect(found.map(({ sku, title, price, quantity }) => [sku, title, price, quantity])).toEqual([['K-1', 'Kaos, merah', 99.5, 3], ['K-2', '=1+1', null, 0]]); // prettier-ignore
      const kept = await here.orm.select().from(productPhotos).orderBy(asc(productPhotos.productId), asc(productPhotos.position)); // prettier-ignore
      expect(kept.map(({ productId, position }) => [productId, position])).toEqual([[found[0]!.id, 0], [found[0]!.id, 1], [found[1]!.id, 0]]); // prettier-ignore
      expect(await readdir(join(here.shop.folder, 'data', 'archives'))).toEqual([]);
      // The same again, the table in the archive, and one more photo of the second product.
      const more = [...members, { name: '5.jpg', bytes: await photo(9) }, { name: 'stock.csv', bytes: table.replace(',5.jpg', 'K-2,5.jpg') }]; // prettier-ignore
      expect(await run(formOf(['zip', zipBytes(more), 'more.zip']))).toMatchObject({ total: 5, added: 1, duplicates: 3, failed: 1 }); // prettier-ignore
      expect(await here.orm.$count(products)).toBe(2);
      expect(await here.orm.$count(productPhotos)).toBe(4);
    });

    it('take a folder of this machine, and refuse what is none', async () => {
      const folder = await folderWith({ 'a/1.jpg': await photo(1), 'b.png': await photo(2), 'notes.txt': 'no photo' });
      expect(await ended(accepted(await folderImport(folder)).id)).toMatchObject({
        source: folder,
        total: 2,
        added: 2,
      });
      expect(failure(await folderImport(join(folder, 'nothing')))).toMatchObject({
        status: 404,
        code: 'DATA_NOT_FOUND',
      });
      expect(failure(await folderImport('relative'))).toMatchObject({ status: 400, code: 'USAGE' });
      expect(failure(await folderImport(await folderWith()))).toMatchObject({ status: 404, code: 'DATA_NOT_FOUND' });
      expect((await here.shop.app.inject(`${URL}/999999`)).statusCode).toBe(404);
    });

    it.each([
      ['leaves its folder', [{ name: '../../evil.jpg', bytes: 'x' }]],
      ['leaves it by another way', [{ name: '..\\..\\evil.jpg', bytes: 'x' }]],
      ['has absolute names', [{ name: '/tmp/evil.jpg', bytes: 'x' }]],
      ['unpacks to too much', [{ name: 'bomb.jpg', bytes: Buffer.alloc(2 << 20) }]],
    ])('refuse a zip that %s', async (_, members) => {
      const response = await here.shop.post(URL, formOf(['zip', zipBytes(members), 'evil.zip']));
      expect(failure(response)).toMatchObject({ status: 422, code: 'ARCHIVE_INVALID', message: expect.stringMatching(/^evil\.zip is damaged or unsafe/) as string }); // prettier-ignore
      expect(response.body).not.toContain(here.shop.folder);
      expect(await readdir(join(here.shop.folder, 'data', 'archives'))).toEqual([]);
      expect(await here.orm.$count(imports)).toBe(0);
    });

    it('refuse tables that are none, and a form without anything', async () => {
      const good = await photo(1);
      const table = (text: string) => here.shop.post(URL, formOf(['c', text, 'a.csv'], ['p', good, '1.jpg']));
      expect(failure(await table('image,title\n1.jpg\n'))).toMatchObject({ status: 422, code: 'DATA_INVALID', details: { problems: ['a.csv:2: the row has 1 cell, the header 2'] } }); // prettier-ignore
      expect(failure(await table(''))).toMatchObject({ status: 422, code: 'DATA_INVALID' });
      expect(failure(await here.shop.post(URL, formOf(['note', 'nothing'])))).toMatchObject({ status: 404 });
      const nameless = new Response(formOf(['p', good, 'a.jpg']));
      const payload = Buffer.from(Buffer.from(await nameless.arrayBuffer()).toString('latin1').replace('; filename=', '; filenome='), 'latin1'); // prettier-ignore
      const unnamed = await here.shop.app.inject({ method: 'POST', url: URL, payload, headers: { 'content-type': nameless.headers.get('content-type')! } }); // prettier-ignore
      expect(await ended(accepted(unnamed).id)).toMatchObject({ total: 1, added: 1, failed: 0 });
      expect(failure(await here.shop.post(URL, formOf(['z', 'no zip', 'a.zip'])))).toMatchObject({ status: 422, code: 'ARCHIVE_INVALID' }); // prettier-ignore
    });

    it('go on where one that ended has left them, and are cancelled', async () => {
      const folder = await folderWith();
      await mkdir(join(folder, 'photos'));
      for (const [at, bytes] of (await several(300)).entries()) await writeFile(join(folder, 'photos', `${at}.jpg`), bytes); // prettier-ignore
      const paths = Array.from({ length: 300 }, (_, at) => join(folder, 'photos', `${at}.jpg`));
      const entries = paths.map((path) => ({ name: path, location: { kind: 'file' as const, path }, product: {}, failure: '' })); // prettier-ignore
      const id = await createImport(here.orm, here.shop.jobs.queue, { source: folder, archive: null, entries });
      here.shop.jobs.wake();
      const seen = [await importState(here.orm, id)];
      const next = async () => seen[seen.push(await importState(here.orm, id)) - 1]!;
      await expect.poll(async () => (await next()).added, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0);
      // First photos come into the storage, then the model is asked.
      const coming = seen.filter(({ receiving }) => receiving);
      expect(coming[0]).toMatchObject({ received: 0, added: 0 });
      expect(coming.some(({ received }) => received > 0 && received < 300)).toBe(true);
      expect(coming.every(({ received }, at) => received >= (coming[at - 1]?.received ?? 0))).toBe(true);
      expect(seen.at(-1)).toMatchObject({ receiving: false, received: 300 });
      const cancelled = await here.shop.app.inject({ method: 'POST', url: `${URL}/${id}/cancel` });
      const between = importSchema.parse(cancelled.json());
      expect(between.state).toBe('cancelled');
      expect(between.waiting).toBeGreaterThan(0);
      await here.orm.update(imports).set({ state: 'running', finishedAt: null });
      await here.shop.resume();
      expect(await ended(id)).toMatchObject({ state: 'done', added: 300, duplicates: 0, failed: 0 });
      expect(await here.orm.$count(products)).toBe(300);
      const late = await here.shop.app.inject({ method: 'POST', url: `${URL}/${id}/cancel` });
      expect(importSchema.parse(late.json()).state).toBe('done');
    });

    it('say of which photo the disk failed, and do not end for it', async () => {
      const entries = [{ name: 'gone.jpg', location: { kind: 'file' as const, path: join(here.shop.folder, 'gone.jpg') }, product: {}, failure: '' }]; // prettier-ignore
      const id = await createImport(here.orm, here.shop.jobs.queue, { source: 'a test', archive: null, entries });
      here.shop.jobs.wake();
      expect((await ended(id)).remarks).toEqual([{ name: 'gone.jpg', state: 'failed', reason: 'gone.jpg cannot be opened', product: null, same_as: null, warning: '', notes: [{ code: 'photo-refused', file: null, row: null, error: 'IMAGE_UNREADABLE' }], changes: [] }]); // prettier-ignore
    });

    it('write each photo once, however often and in whatever pieces it is done', async () => {
      const hash = (number: number) => String(number).padStart(64, '0');
      await recordPhotos(here.orm, [0, 1, 2, 3].map((number) => ({ hash: hash(number), name: '', format: 'jpeg', width: 1, height: 1, bytes: 1 }))); // prettier-ignore
      const given = fc.array(fc.record({ hash: fc.nat(3), sku: fc.option(fc.constantFrom('K-1', 'K-2')) }), { minLength: 1, maxLength: 8 }); // prettier-ignore
      const tries = fc.array(fc.array(fc.nat(7), { minLength: 1, maxLength: 4 }), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(given, tries, async (photos, attempts) => {
          await here.orm.delete(imports);
          await here.orm.delete(products);
          // Without jobs: nobody but this test writes what becomes of them.
          const [made] = await here.orm.insert(imports).values({ source: 'a test', total: photos.length }).returning();
          const { id } = made!;
          const rows = photos.map(({ sku }, position) => ({ importId: id, position, name: String(position), product: sku === null ? {} : { sku } })); // prettier-ignore
          await here.orm.insert(importItems).values(rows);
          const items = await here.orm.select().from(importItems).orderBy(asc(importItems.position));
          const outcomes = items.map((item, at): Outcome => ({
            item,
            hash: hash(photos[at]!.hash),
            answer: { prediction: { image: '', attributes: [], joint_confidence: 1, status: 'accept', reason: '', model: '' }, reasons: [], doubts: [], embedding: undefined }, // prettier-ignore
          }));
          const all = outcomes.map((_, at) => at);
          for (const attempt of [...attempts, all, all]) {
            const known = [...new Set(attempt)].flatMap((at) => outcomes[at] ?? []);
            await writeOutcomes(here.orm, known, {
              modelHash: here.shop.predictor.hash,
              lookAlikes: here.shop.lookAlikes,
            });
          }
          const different = new Set(photos.map((one) => one.hash)).size;
          const written = await here.orm.select().from(productPhotos);
          expect(new Set(written.map(({ photoHash }) => photoHash)).size).toBe(different);
          expect(written).toHaveLength(different);
          const state = await importState(here.orm, id);
          expect(state).toMatchObject({ waiting: 0, added: different, duplicates: photos.length - different });
          const numbers = (await here.orm.select({ sku: products.sku }).from(products)).flatMap(({ sku }) => sku ?? []);
          expect(numbers).toEqual([...new Set(numbers)]);
        }),
        { numRuns: 25 },
      );
    });
  });
});

describe('an import', () => {
  it('waits for a database that does not answer, and is closed meanwhile', async () => {
    const shop = await openShop((await homes[0]!.make()).where);
    await shop.database.close();
    shop.worker.start();
    await expect.poll(() => shop.failures.length).toBeGreaterThanOrEqual(1);
    await shop.worker.close();
    expect((await readFile(shop.model)).length).toBeGreaterThan(0);
  });
});
