import {
  agreementSchema,
  batchSchema,
  errorAnswerSchema,
  productDetailsSchema,
  reviewPageSchema,
} from '@busana/contracts';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addProducts, type NewProduct } from '../src/catalogue/add.ts';
import { cohensKappa } from '../src/catalogue/agreement.ts';
import { imports } from '../src/database/schema/imports.ts';
import { products } from '../src/database/schema/products.ts';
import { garment } from './support/garments.ts';
import { homes, type Home } from './support/homes.ts';
import { openShop, type Shop } from './support/shop.ts';

/** A T-shirt that the model doubts: red or blue, with these probabilities. */
function doubted(red: number, more: Partial<NewProduct> = {}): NewProduct {
  const warna = { 0: red, 1: 0, 2: 1 - red, 3: 0, 4: 0 };
  const reasons = ['unsure about warna', 'a second reason'];
  const answer = { probabilities: { jenis: { 0: 0.9, 1: 0.1 }, warna }, reasons };
  return garment('0', red >= 0.5 ? '0' : '2', { status: 'review', reason: reasons.join('; '), jointConfidence: Math.max(red, 1 - red), answer, ...more }); // prettier-ignore
}

describe.each(homes)('the review, $name', ({ there, make }) => {
  describe.skipIf(!there)('of people', () => {
    let [home, shop]: [Home | undefined, Shop | undefined] = [undefined, undefined];
    beforeAll(async () => {
      home = await make();
      shop = await openShop(home.where);
    }, 120_000);
    afterAll(async () => {
      await shop?.close();
      await home?.remove();
    });
    beforeEach(async () => {
      await shop!.database.orm.delete(imports);
      await shop!.database.orm.delete(products);
    });

    const add = (given: readonly NewProduct[]) => addProducts(shop!.database.orm, given, shop!.predictor.hash);
    const send = async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) => {
      const response = await shop!.app.inject({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
      return response;
    };
    const queue = async (query = '') => {
      const response = await send('GET', `/review${query}`);
      expect(response.statusCode, response.body).toBe(200);
      return reviewPageSchema.parse(response.json());
    };
    const details = async (id: number) => productDetailsSchema.parse((await send('GET', `/products/${id}`)).json());

    it('begins with what is doubted most, a page at a time, and shows every class', async () => {
      const [sure, half, most] = (await add([garment('1', '3'), doubted(0.75), doubted(0.5)])) as [number, number, number]; // prettier-ignore
      const [same] = (await add([doubted(0.5)])) as [number];
      const first = await queue('?limit=2');
      expect(first.progress).toEqual({ reviewed: 0, waiting: 3 });
      expect(first.items.map(({ product }) => product.id)).toEqual([most, same]);
      const second = await queue(`?limit=2&cursor=${first.next}`);
      expect([second.items.map(({ product }) => product.id), second.next]).toEqual([[half], null]);
      expect(second.items[0]).toMatchObject({
        attributes: [{ name: 'jenis', code: '0', label: 'T-shirt', probability: 0.9 }, { name: 'warna', code: '0', label: 'red', probability: 0.75, classes: { 0: 0.75, 2: 0.25 } }], // prettier-ignore
        joint_confidence: 0.75,
        reasons: ['unsure about warna', 'a second reason'],
        doubts: [],
        label_issue: null,
      });
      // Kept with their parts, they are told with them, for as long as they are the reason.
      const doubts = [{ code: 'unsure' as const, attribute: 'warna', value: '0', confidence: 0.25 }];
      const { answer, ...others } = doubted(0.25);
      const [told] = (await add([{ ...others, answer: { ...answer!, doubts } }])) as [number];
      expect((await queue()).items.find(({ product }) => product.id === told)!.doubts).toEqual(doubts);
      const shown = async () => productDetailsSchema.parse((await send('GET', `/products/${told}`)).json()).doubts;
      expect(await shown()).toEqual(doubts);
      await shop!.database.orm.update(products).set({ reason: 'something else' }).where(eq(products.id, told));
      expect(await shown()).toEqual([]);
      await shop!.database.orm.delete(products).where(eq(products.id, told));
      for (const cursor of ['x', '1', '_2', '1_x']) expect((await send('GET', `/review?cursor=${cursor}`)).statusCode, cursor).toBe(400); // prettier-ignore
      expect(sure).toBeGreaterThan(0);
    });

    it('takes what is all right as it is, under a name, and takes it back at once', async () => {
      const [id] = (await add([doubted(0.75)])) as [number];
      const confirmed = productDetailsSchema.parse(
        (await send('POST', `/review/${id}/confirm`, { who: 'ana' })).json(),
      );
      expect(confirmed).toMatchObject({ status: 'accept', reason: '', labels: { jenis: '0', warna: '0' } });
      expect(confirmed.attributes['warna']).toMatchObject({ code: '0', source: 'person' });
      expect(confirmed.history.map(({ actor, attribute }) => [actor, attribute]).sort()).toEqual([['ana', 'jenis'], ['ana', 'warna']]); // prettier-ignore
      expect((await queue()).progress).toEqual({ reviewed: 1, waiting: 0 });
      await send('POST', `/products/${id}/undo`, { who: 'budi' });
      expect((await details(id)).status).toBe('accept');
      await send('POST', `/products/${id}/undo`, { who: 'ana' });
      const back = await details(id);
      expect(back).toMatchObject({ status: 'review', reason: 'unsure about warna; a second reason' });
      expect(back.attributes['jenis']).toMatchObject({
        source: 'model',
        confidence: expect.closeTo(0.95, 5) as number,
      });
      expect((await queue()).progress).toEqual({ reviewed: 0, waiting: 1 });
      expect((await send('POST', '/review/999999/confirm')).statusCode).toBe(404);
    });

    it('gives many products the same labels, all or none, and takes it back at once', async () => {
      const ids = await add([doubted(0.75), doubted(0.25), garment('1', '4')]);
      const edit = (payload: object) => send('PATCH', '/products/attributes', payload);
      const wrong = await edit({ ids: [...ids, 999_999], attributes: { warna: '3' }, who: 'ana' });
      expect([wrong.statusCode, errorAnswerSchema.parse(wrong.json()).error.code]).toEqual([404, 'PRODUCT_NOT_FOUND']);
      for (const attributes of [{ warna: '9' }, { size: '1' }, {}]) expect((await edit({ ids, attributes })).statusCode).toBe(400); // prettier-ignore
      for (const id of ids) expect((await details(id)).history).toEqual([]);
      const response = await edit({ ids: [...ids, ids[0]], attributes: { warna: '3' }, who: 'ana' });
      const { batch, products: changed } = batchSchema.parse(response.json());
      expect(changed).toBe(3);
      for (const id of ids) expect((await details(id)).labels['warna']).toBe('3');
      const undo = async (who: string) => batchSchema.parse((await send('POST', '/products/attributes/undo', { batch, who })).json()).products; // prettier-ignore
      expect([await undo('budi'), await undo('ana'), await undo('ana')]).toEqual([0, 3, 0]);
      const after = await Promise.all(ids.map(details));
      expect(after.map(({ labels, status }) => [labels['warna'], status])).toEqual([['0', 'review'], ['2', 'review'], ['4', 'accept']]); // prettier-ignore
    });

    it('asks about labels of people that the model contradicts, the worst first, until they are said twice', async () => {
      const [agreed, slight, plain] = (await add([doubted(0.75), doubted(0.625), doubted(0.875)])) as [number, number, number]; // prettier-ignore
      const say = (id: number, warna: string, who: string) => send('PATCH', `/products/${id}/attributes`, { attributes: { warna }, who }); // prettier-ignore
      await say(agreed, '0', 'ana');
      await say(slight, '2', 'ana');
      await say(plain, '2', 'ana');
      const asked = await queue('?by=labels&limit=1');
      expect(asked.items.map(({ product, label_issue }) => [product.id, label_issue])).toEqual([[plain, { attribute: 'warna', given: '2', suggested: '0', margin: 0.125 }]]); // prettier-ignore
      const next = await queue(`?by=labels&cursor=${asked.next}`);
      expect(next.items.map(({ product, label_issue }) => [product.id, label_issue?.margin])).toEqual([
        [slight, 0.375],
      ]);
      await say(plain, '2', 'budi');
      expect((await queue('?by=labels')).items.map(({ product }) => product.id)).toEqual([slight]);
    });

    it('shows a second reviewer what others have judged, and how far they agree', async () => {
      const ids = await add(Array.from({ length: 4 }, () => doubted(0.75)));
      for (const id of ids) await send('POST', `/review/${id}/confirm`, { who: 'ana' });
      const second = async () => (await queue('?by=second&who=budi')).items.map(({ product }) => product.id);
      expect(await second()).toEqual(ids);
      await send('POST', `/review/${ids[0]}/confirm`, { who: 'budi' });
      for (const [at, warna] of ['0', '2', '2'].entries()) await send('PATCH', `/products/${ids[at + 1]}/attributes`, { attributes: { warna }, who: 'budi' }); // prettier-ignore
      expect(await second()).toEqual([]);
      const { pairs } = agreementSchema.parse((await send('GET', '/review/agreement')).json());
      expect(pairs).toEqual([
        { reviewers: ['ana', 'budi'], attributes: [{ name: 'jenis', products: 1, agreement: 1, kappa: null }, { name: 'warna', products: 4, agreement: 0.5, kappa: 0 }] }, // prettier-ignore
      ]);
    });
  });
});

describe("Cohen's kappa", () => {
  it('is that of a worked table', () => {
    // 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: observed 0.7, expected 0.5.
    const times = (count: number, first: string, second: string) => Array.from({ length: count }, () => [first, second] as const); // prettier-ignore
    const pairs = [...times(20, 'y', 'y'), ...times(5, 'y', 'n'), ...times(10, 'n', 'y'), ...times(15, 'n', 'n')];
    const { agreement, kappa } = cohensKappa(pairs);
    expect(agreement).toBe(0.7);
    expect(kappa).toBeCloseTo(0.4, 12);
    expect(cohensKappa(times(3, 'y', 'y')).kappa).toBeNull();
  });
});
