/** @file What people send who mean no good, over real connections: refused or harmless, and nobody else has to wait for it. */
import { importSchema, productPageSchema } from '@busana/contracts';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpeg } from '../../vision/test/support/temporary.ts';
import { homes, type Home } from './support/homes.ts';
import { formOf, openShop, type Shop } from './support/shop.ts';

const MEBIBYTE = 2 ** 20;
const BOUNDARY = 'a-boundary';
/** One file in a form, of which the end has not come. */
const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="photo"; filename="photo.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`;

describe('a server that is attacked', () => {
  let [home, shop]: [Home | undefined, Shop | undefined] = [undefined, undefined];
  let port = 0;
  const left = () => readdir(join(shop!.folder, 'data', 'uploads'));
  const open = (path: string, options: RequestOptions = {}) =>
    request({ host: '127.0.0.1', port, path: `/api/v1${path}`, ...options, headers: { host: `127.0.0.1:${port}`, ...options.headers } }); // prettier-ignore
  const form = (path: string) => open(path, { method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` } }); // prettier-ignore
  const answerOf = async (asked: ReturnType<typeof open>) => ((await once(asked, 'response')) as [IncomingMessage])[0];
  const get = async (path: string, agent?: Agent) => {
    const asked = open(path, agent === undefined ? {} : { agent });
    const answer = answerOf(asked);
    asked.end();
    return { status: (await answer).statusCode!, body: await text(await answer) };
  };

  beforeAll(async () => {
    home = await homes[0]!.make();
    shop = await openShop(home.where);
    await shop.app.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = shop.app.server.address() as AddressInfo);
    shop.worker.start();
  }, 60_000);
  afterAll(async () => {
    await shop?.close();
    await home?.remove();
  });

  it('takes no gibibyte for a photo: neither announced nor in pieces, and keeps nothing of it', async () => {
    const announced = open('/predict', { method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, 'content-length': 1024 * MEBIBYTE } }); // prettier-ignore
    announced.on('error', () => undefined);
    announced.flushHeaders();
    expect((await answerOf(announced)).statusCode).toBe(413);
    announced.destroy();
    for (const path of ['/predict', '/imports']) {
      const before = process.memoryUsage.rss();
      const sent = form(path);
      const answer = answerOf(sent);
      let written = 0;
      // It is cut off before its end.
      await pipeline(function* () {
        yield Buffer.from(head);
        for (; written < 1024; written += 1) yield Buffer.alloc(MEBIBYTE, 7);
      }, sent).catch(() => undefined);
      expect((await answer).statusCode, path).toBe(413);
      sent.destroy();
      expect(written).toBeLessThan(512);
      expect(process.memoryUsage.rss() - before).toBeLessThan(256 * MEBIBYTE);
    }
    await expect.poll(left).toEqual([]);
  }, 60_000);

  it('answers others while slow senders hold what they may, and no more of these', async () => {
    const slow = Array.from({ length: 2 }, () => form('/imports'));
    for (const sender of slow) {
      sender.on('error', () => undefined);
      sender.write(head + 'x'.repeat(4096));
    }
    await expect.poll(async () => (await left()).length).toBe(2);
    const third = form('/imports');
    const refused = answerOf(third);
    third.end(head);
    expect((await refused).statusCode).toBe(429);
    expect((await refused).headers['retry-after']).toBe('2');
    expect((await get('/products')).status).toBe(200);
    // Those who never end are ended.
    expect(shop!.app.server.requestTimeout).toBe(600_000);
    expect(shop!.app.server.timeout).toBe(60_000);
    for (const sender of slow) sender.destroy();
    await expect.poll(left).toEqual([]);
    const again = await shop!.post('/api/v1/imports', formOf(['photo', await jpeg(), 'a.jpg']));
    expect(again.statusCode).toBe(202);
  });

  it('answers every one of a thousand requests at once', async () => {
    const agent = new Agent({ maxSockets: Infinity });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, at) => get(`/products?limit=1&q=kaos${at}`, agent)),
    );
    agent.destroy();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.map(({ body }) => productPageSchema.parse(JSON.parse(body)).understood.words)).toHaveLength(1000);
  }, 60_000);

  it('keeps names and titles as what they are: never paths, commands or markup', async () => {
    const name = '../../../etc/cron.d/evil.jpg';
    const titles = [`'); drop table products; --`, '<script>alert(1)</script>', '=cmd|calc'];
    const table = ['image,title', `evil.jpg,"${titles[0]!}"`, `b.jpg,${titles[1]!}`, `c.jpg,${titles[2]!}`].join('\n');
    const photos = await Promise.all([11, 12, 13].map((number) => jpeg(number)));
    const sent = await shop!.post('/api/v1/imports', formOf(['p', photos[0]!, name], ['p', photos[1]!, 'b.jpg'], ['p', photos[2]!, 'c.jpg'], ['t', table, '..\\..\\t.csv'])); // prettier-ignore
    expect(sent.statusCode, sent.body).toBe(202);
    const { id } = importSchema.parse(sent.json());
    const state = async () => importSchema.parse(JSON.parse((await get(`/imports/${id}`)).body));
    await expect.poll(async () => (await state()).state, { timeout: 20_000 }).toBe('done');
    expect(await state()).toMatchObject({ added: 3, failed: 0 });
    const page = productPageSchema.parse(JSON.parse((await get('/products?limit=3')).body));
    expect(page.products.map(({ title }) => title).sort()).toEqual([...titles].sort());
    // Nothing but the folders of the store has been written.
    expect((await readdir(shop!.folder)).sort()).toEqual(['data', 'model.onnx']);
    expect(await readdir(join(shop!.folder, 'data', 'photos'))).not.toContain('etc');
    const answer = await shop!.app.inject('/api/v1/products');
    expect(answer.headers).toMatchObject({ 'content-type': expect.stringContaining('application/json') as string, 'x-content-type-options': 'nosniff' }); // prettier-ignore
  }, 30_000);
});
