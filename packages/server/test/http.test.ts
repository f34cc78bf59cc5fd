import { errorAnswerSchema, productDetailsSchema, productPageSchema, stockSchema } from '@busana/contracts';
import type { FastifyInstance } from 'fastify';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addProducts } from '../src/catalogue/add.ts';
import { models } from '../src/database/schema/models.ts';
import { garment, MODEL } from './support/garments.ts';
import { homes, type Home } from './support/homes.ts';
import { openShop, type Shop } from './support/shop.ts';

const embedded = homes[0]!;

describe('the HTTP interface', () => {
  let [home, shop]: [Home | undefined, Shop | undefined] = [undefined, undefined];
  let app: FastifyInstance;
  let ids: number[] = [];

  beforeAll(async () => {
    home = await embedded.make();
    shop = await openShop(home.where);
    app = shop.app;
    const { orm } = shop.database;
    await orm.insert(models).values({ hash: MODEL, name: 'garments' });
    const products = [
      garment('0', '0', { title: 'Kaos kucing', quantity: 3, sku: 'K-1' }),
      garment('0', '3'),
      garment('1', '3', { status: 'review', reason: 'unsure about warna' }),
    ];
    ids = await addProducts(orm, products, MODEL);
  }, 60_000);
  afterAll(async () => {
    await shop?.close();
    await home?.remove();
  });

  const get = (url: string) => app.inject({ method: 'GET', url });
  const page = async (query: string) => productPageSchema.parse((await get(`/api/v1/products${query}`)).json());
  const failure = async (url: string) => {
    const answer = await get(url);
    return { status: answer.statusCode, ...errorAnswerSchema.parse(answer.json()).error };
  };

  it('lists products, the newest first, page by page', async () => {
    const first = await page('?limit=2');
    expect(first.products.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(first.next).toBe(ids[1]);
    const last = await page(`?limit=2&before=${first.next}`);
    expect(last.products.map(({ sku, title, quantity }) => ({ sku, title, quantity }))).toEqual([{ sku: 'K-1', title: 'Kaos kucing', quantity: 3 }]); // prettier-ignore
    expect(last.next).toBeNull();
    expect(last.facets.total).toEqual({ products: 3, pieces: 5 });
  });

  it('answers both languages alike, and filters by attribute and status', async () => {
    expect((await page('?q=kaos%20merah')).products).toEqual((await page('?q=red%20t-shirt')).products);
    expect((await page('?q=kaos%20merah')).products.map(({ id }) => id)).toEqual([ids[0]]);
    expect((await page('?q=kaos%20kucing')).understood).toEqual({ labels: { jenis: ['0'] }, words: ['kucing'] });
    expect((await page('?warna=3&warna=0&jenis=0')).facets.attributes['warna']).toEqual({ 0: { products: 1, pieces: 3 }, 3: { products: 1, pieces: 1 } }); // prettier-ignore
    expect((await page('?status=review')).products.map(({ reason }) => reason)).toEqual(['unsure about warna']);
  });

  it('shows the stock as a matrix', async () => {
    expect(stockSchema.parse((await get('/api/v1/products/stock')).json())).toEqual({
      rows: 'jenis',
      columns: 'warna',
      matrix: { 0: { 0: { products: 1, pieces: 3 }, 3: { products: 1, pieces: 1 } }, 1: { 3: { products: 1, pieces: 1 } } }, // prettier-ignore
    });
  });

  it('takes a correction, and takes it back', async () => {
    const url = `/api/v1/products/${ids[2]}`;
    const answer = await app.inject({ method: 'PATCH', url: `${url}/attributes`, payload: { attributes: { warna: '2' } } }); // prettier-ignore
    const corrected = productDetailsSchema.parse(answer.json());
    expect(corrected.labels).toEqual({ jenis: '1', warna: '2' });
    expect(corrected.status).toBe('accept');
    expect(corrected.history).toMatchObject([
      { attribute: 'warna', from: { code: '3', source: 'model' }, to: { code: '2', source: 'person' }, undo: false },
    ]);
    await app.inject({ method: 'POST', url: `${url}/undo` });
    const undone = productDetailsSchema.parse((await get(url)).json());
    expect(undone).toMatchObject({
      labels: { jenis: '1', warna: '3' },
      status: 'review',
      reason: 'unsure about warna',
    });
    expect(undone.attributes['warna']).toMatchObject({
      source: 'model',
      confidence: expect.closeTo(0.94, 6) as number,
    });
    expect(undone.history.map(({ undo }) => undo)).toEqual([true, false]);
  });

  it('says what is wrong with a request, with the id of the request', async () => {
    expect(await failure('/api/v1/products?kerah=1')).toMatchObject({ status: 400, code: 'USAGE', message: "there is no attribute 'kerah'" }); // prettier-ignore
    expect(await failure('/api/v1/products?warna=9')).toMatchObject({ details: { remedy: 'Its codes are 0, 1, 2, 3, 4.' } }); // prettier-ignore
    expect(await failure('/api/v1/products?limit=0')).toMatchObject({ status: 400, details: { problems: [expect.stringContaining('querystring.limit') as string] } }); // prettier-ignore
    expect(await failure('/api/v1/products/999999')).toMatchObject({ status: 404, code: 'PRODUCT_NOT_FOUND' });
    expect(await failure('/nothing')).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' });
    const named = await app.inject({ method: 'GET', url: '/nothing', headers: { 'x-request-id': 'abc-1' } });
    expect(errorAnswerSchema.parse(named.json()).error.requestId).toBe('abc-1');
    expect(named.headers['x-request-id']).toBe('abc-1');
    const large = await app.inject({ method: 'PATCH', url: `/api/v1/products/${ids[0]}/attributes`, payload: { attributes: { warna: 'x'.repeat(2 << 20) } } }); // prettier-ignore
    expect(errorAnswerSchema.parse(large.json()).error.code).toBe('UPLOAD_TOO_LARGE');
    const broken = await app.inject({ method: 'PATCH', url: `/api/v1/products/${ids[0]}/attributes`, payload: '{', headers: { 'content-type': 'application/json' } }); // prettier-ignore
    expect(broken.statusCode).toBe(400);
  });

  it('keeps what people write from the database and from pages', async () => {
    for (const q of ["'; drop table products; --", '<script>', 'a\u0000b', ':*&|!', '\\', 'a'.repeat(200)]) {
      expect((await get(`/api/v1/products?q=${encodeURIComponent(q)}`)).statusCode, q).toBe(200);
    }
    expect((await page('')).facets.total.products).toBe(3);
    expect((await get('/api/v1/products')).headers['content-security-policy']).toContain("default-src 'self'");
  });

  it('documents itself, in the document and in words', async () => {
    const routes = z.record(z.string(), z.record(z.string(), z.object({ 'x-role': z.string() })));
    const { openapi, paths } = z.object({ openapi: z.string(), paths: routes }).parse((await get('/api/v1/openapi.json')).json()); // prettier-ignore
    expect(openapi).toBe('3.1.0');
    const rows = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { 'x-role': role }]) => `${method.toUpperCase()} ${path} ${role}`),
    );
    const reference = await readFile(new URL('../../../docs/reference/http.md', import.meta.url), 'utf8');
    const told = [...reference.matchAll(/^\| ([A-Z]+) +\| `(\S+)` +\| (\w+)/gm)].map(([, ...cells]) => cells.join(' '));
    expect(rows.sort()).toEqual(told.sort());
    expect((await get('/docs/')).headers['content-type']).toContain('text/html');
    expect((await get('/docs/json')).json()).toEqual((await get('/api/v1/openapi.json')).json());
  });

  it('is for pages and programs of this machine alone', async () => {
    const ask = (headers: Record<string, string>, method: 'GET' | 'POST' = 'POST') =>
      app.inject({ method, url: `/api/v1/products/${ids[0]}${method === 'POST' ? '/undo' : ''}`, headers });
    const forbidden: Record<string, string>[] = [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { host: 'evil.example' },
      { host: '127.0.0.1.evil.example' },
      { host: '10.0.0.1:3000' },
    ];
    for (const headers of forbidden) {
      const answer = await ask(headers);
      expect(answer.statusCode, JSON.stringify(headers)).toBe(403);
      expect(errorAnswerSchema.parse(answer.json()).error.code).toBe('FORBIDDEN');
    }
    expect((await ask({ host: 'evil.example' }, 'GET')).statusCode).toBe(403);
    const allowed: Record<string, string>[] = [
      {},
      { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' },
      { host: '[::1]:3000' },
    ];
    for (const headers of allowed) expect((await ask(headers)).statusCode, JSON.stringify(headers)).toBe(200);
    expect(
      (await ask({ origin: 'http://evil.example' }, 'GET')).headers['access-control-allow-origin'],
    ).toBeUndefined();
  });

  it('tells Prometheus of its requests', async () => {
    await get('/healthz');
    const { body, headers } = await get('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toMatch(/busana_http_request_duration_seconds_count{method="GET",route="\/healthz",status="200"} \d/);
    expect(body).toContain('process_resident_memory_bytes');
  });

  it('says whether it is there and ready', async () => {
    expect((await get('/healthz')).json()).toEqual({ status: 'ok', version: '0.0.0' });
    expect((await get('/readyz')).statusCode).toBe(200);
  });
});
