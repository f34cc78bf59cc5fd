/** @file The OpenAPI document against the server: whatever is sent, an answer that the table of errors has, and never a 500. */
import { errorAnswerSchema, errorTable, inferenceErrorSchema } from '@busana/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addProducts } from '../src/catalogue/add.ts';
import { garment } from './support/garments.ts';
import { homes, type Home } from './support/homes.ts';
import { operationsOf } from './support/requests.ts';
import { openShop, type Shop } from './support/shop.ts';

const RUNS = 60;
/** What is worked on a few at a time: the next may come before the last is forgotten. */
const few: ReadonlySet<string> = new Set(['POST /api/v1/imports', 'POST /api/v1/explanations']);

/** `random` is the name of the model. */
const words = { names: ['jenis', 'warna'], values: ['0', '1', 'jenis', 'random'] };

describe.each(homes)('requests at random, $name', ({ there, make }) => {
  let [home, shop]: [Home | undefined, Shop | undefined] = [undefined, undefined];

  beforeAll(async () => {
    if (!there) return;
    home = await make();
    shop = await openShop(home.where);
    await addProducts(shop.database.orm, [garment('0', '0', { title: 'Kaos', sku: 'K-1' }), garment('1', '3')], shop.predictor.hash); // prettier-ignore
  }, 60_000);
  afterAll(async () => {
    await shop?.close();
    await home?.remove();
  });

  it.skipIf(!there)(
    'are answered, all of them',
    async () => {
      const taken: string[] = [];
      for (const { name, requests } of operationsOf(shop!.app.swagger(), words)) {
        const statuses = new Set<number>();
        // Folders that are there by chance are imported, as they should be.
        const harmless = requests.filter(
          ({ payload }) => !/"folder":"\//.test(typeof payload === 'string' ? payload : ''),
        );
        await fc.assert(
          fc.asyncProperty(harmless, async (request) => {
            const answer = await shop!.app.inject(request);
            statuses.add(answer.statusCode);
            expect(answer.statusCode, `${name}: ${answer.body}`).toBeLessThan(500);
            if (answer.statusCode < 400) return;
            if (!few.has(name)) expect(answer.statusCode).not.toBe(429);
            if (name.includes(' /v2')) return void inferenceErrorSchema.parse(answer.json());
            const { code } = errorAnswerSchema.parse(answer.json()).error;
            expect(errorTable).toHaveProperty(code);
          }),
          { numRuns: RUNS, endOnFailure: true },
        );
        if ([...statuses].some((status) => status < 300)) taken.push(name);
      }
      // Requests that were let in are among them, or nothing has been shown.
      expect(taken).toEqual(expect.arrayContaining(['GET /api/v1/products', 'GET /api/v1/products/stock', 'PATCH /api/v1/products/{id}/attributes', 'POST /api/v1/tokens', 'GET /v2/models/{name}'])); // prettier-ignore
      expect(shop!.failures).toEqual([]);
    },
    60_000,
  );
});
