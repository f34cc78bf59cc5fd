import { errorAnswerSchema, predictAnswerSchema } from '@busana/contracts';
import { garments, reasonText } from '@busana/vision';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomArtifact } from '../../vision/test/support/random-artifact.ts';
import { jpeg } from '../../vision/test/support/temporary.ts';
import { homes, type Home } from './support/homes.ts';
import { formOf, openShop, type Shop } from './support/shop.ts';

const URL = '/api/v1/predict';

describe('predictions over HTTP', () => {
  let [home, shop]: [Home | undefined, Shop | undefined] = [undefined, undefined];
  beforeAll(async () => {
    home = await homes[0]!.make();
    shop = await openShop(home.where);
  }, 60_000);
  afterAll(async () => {
    await shop?.close();
    await home?.remove();
  });

  const answer = (response: LightMyRequestResponse) => {
    expect(response.statusCode, response.body).toBe(200);
    return predictAnswerSchema.parse(response.json());
  };
  const failure = (response: LightMyRequestResponse) => ({
    status: response.statusCode,
    ...errorAnswerSchema.parse(response.json()).error,
  });
  const ask = (payload: object | string, query = '', type = 'application/json') =>
    shop!.app.inject({ method: 'POST', url: URL + query, payload, headers: { 'content-type': type } });
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const left = () => readdir(join(shop!.folder, 'data', 'uploads'));

  it('answers forms and documents alike, photo by photo, with the ids of the sender', async () => {
    const photos = await Promise.all([0, 1, 2].map((number) => jpeg(number)));
    const form = formOf(['id', 'k-1'], ['photo', photos[0]!, 'a.jpg'], ['photo', photos[1]!, 'b.jpg'], ['id', 'k-3'], ['file', photos[2]!, 'c.jpg']); // prettier-ignore
    const formed = answer(await shop!.post(`${URL}?classes=all`, form));
    expect(formed.predictions.map(({ id, name }) => [id, name])).toEqual([['k-1', 'a.jpg'], [null, 'b.jpg'], ['k-3', 'c.jpg']]); // prettier-ignore
    expect(formed.model).toEqual({ name: 'random', hash: shop!.predictor.hash });
    for (const { attributes, joint_confidence, status, reasons, doubts, error } of formed.predictions) {
      expect(attributes.map(({ name }) => name)).toEqual(['jenis', 'warna']);
      for (const { code, probability, classes } of attributes) {
        expect(probability).toBe(Math.max(...Object.values(classes!)));
        expect(classes![code]).toBe(probability);
        expect(Object.values(classes!).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      }
      expect(joint_confidence).toBeCloseTo(attributes[0]!.probability * attributes[1]!.probability, 6);
      expect(reasons.length > 0).toBe(status !== 'accept');
      expect(doubts.map((doubt) => reasonText(doubt, garments))).toEqual(reasons);
      expect(error).toBeNull();
    }
    const document = answer(await ask({ photos: [{ id: 'k-1', image: base64(photos[0]!) }, { image: `data:image/jpeg;base64,${base64(photos[1]!)}` }] })); // prettier-ignore
    expect(document.predictions.map(({ id, name }) => [id, name])).toEqual([['k-1', null], [null, null]]); // prettier-ignore
    document.predictions.forEach(({ attributes }, at) => {
      attributes.forEach(({ code, probability, classes }, index) => {
        const same = formed.predictions[at]!.attributes[index]!;
        expect(classes).toBeUndefined();
        expect(code).toBe(same.code);
        expect(probability).toBeCloseTo(same.probability, 5);
      });
    });
    expect(await left()).toEqual([]);
  });

  it('says of a photo among others why it cannot be read, and of a request without any', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    const [drawing, good] = answer(await shop!.post(URL, formOf(['p', svg, 'x.jpg'], ['p', await jpeg(), 'b.jpg']))).predictions; // prettier-ignore
    expect(drawing).toMatchObject({ name: 'x.jpg', status: 'error', attributes: [], error: 'IMAGE_UNREADABLE', reasons: ['the content is svg, not a photo'] }); // prettier-ignore
    expect(good).toMatchObject({ name: 'b.jpg', error: null });
    const none = failure(await shop!.post(URL, formOf(['p', svg, 'x.jpg'], ['p', '<html>', 'y.png'])));
    expect(none).toMatchObject({ status: 422, code: 'IMAGE_UNREADABLE', details: { problems: ['x.jpg: the content is svg, not a photo', 'y.png: the content is not a picture'] } }); // prettier-ignore
    expect(failure(await shop!.post(URL, formOf(['id', 'alone'])))).toMatchObject({ status: 400, code: 'USAGE' });
    expect(failure(await ask({ photos: [] }))).toMatchObject({ status: 400, code: 'USAGE' });
    expect(failure(await shop!.app.inject({ method: 'POST', url: URL }))).toMatchObject({ status: 400, code: 'USAGE' });
    expect(await left()).toEqual([]);
  });

  it('refuses what is too much, or in a form that it does not know', async () => {
    const large = failure(await shop!.post(URL, formOf(['p', Buffer.alloc(33 << 20), 'large.jpg'])));
    expect(large).toMatchObject({ status: 413, code: 'UPLOAD_TOO_LARGE', message: expect.stringContaining('large.jpg') as string }); // prettier-ignore
    const many = formOf(...Array.from({ length: 65 }, (_, at) => ['p', 'x', `${at}.jpg`] as const));
    expect(failure(await shop!.post(URL, many))).toMatchObject({ status: 413, message: 'a form has at most 64 files' });
    const photo = { image: base64(Buffer.from('x')) };
    expect(failure(await ask({ photos: Array.from({ length: 65 }, () => photo) }))).toMatchObject({ status: 413 });
    expect(failure(await ask(' '.repeat(33 << 20)))).toMatchObject({ status: 413, code: 'UPLOAD_TOO_LARGE' });
    const announced = await shop!.app.inject({ method: 'POST', url: URL, payload: '', headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '1073741824' } }); // prettier-ignore
    expect(failure(announced)).toMatchObject({ status: 413, message: expect.stringContaining('1073741824') as string });
    expect(failure(await ask('<photo/>', '', 'application/xml'))).toMatchObject({ status: 415, code: 'MEDIA_TYPE_UNSUPPORTED' }); // prettier-ignore
    expect(failure(await ask({ photos: [{ image: 'no base64!' }] }))).toMatchObject({ status: 400, message: 'the image of a photo is not base64' }); // prettier-ignore
    expect(failure(await ask({ photos: [photo] }, '?classes=some'))).toMatchObject({ status: 400 });
    expect(await left()).toEqual([]);
  });

  it('refuses a broken form whatever is wrong with it, and never fails of it', async () => {
    const whole = new Response(formOf(['id', 'one'], ['p', await jpeg(), 'a.jpg'], ['p', await jpeg(1), 'b.jpg']));
    const type = whole.headers.get('content-type')!;
    const bytes = Buffer.from(await whole.arrayBuffer());
    const send = (payload: Buffer, contentType = type) =>
      shop!.app.inject({ method: 'POST', url: URL, payload, headers: { 'content-type': contentType } });
    for (const contentType of [
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/mixed; boundary=x',
    ]) {
      expect([400, 415], contentType).toContain((await send(bytes, contentType)).statusCode);
    }
    // A file without a name is still a file; a part without one is none of ours.
    for (const [from, to] of [['; filename=', '; filenome='], ['name="p"', 'nome="p"'], ['name="p"', 'name="__proto__"']] as const) {
      const renamed = await send(Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1'));
      expect([200, 400], `${to}: ${renamed.body}`).toContain(renamed.statusCode);
    } // prettier-ignore
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.option(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255))),
        async (end, change) => {
          // prettier-ignore
          const broken = Buffer.from(change === null ? bytes.subarray(0, end) : bytes);
          if (change !== null) broken[change[0]] = change[1];
          expect([200, 400, 413, 422]).toContain((await send(broken)).statusCode);
        },
      ),
      { numRuns: 60 },
    );
    expect(await left()).toEqual([]);
  });

  it('sends away who comes while there is too much to do, and says when to come again', async () => {
    const photo = await jpeg();
    const numberOf = async (name: string) => {
      const { body } = await shop!.app.inject('/metrics');
      return Number(new RegExp(`^${name} (.+)$`, 'm').exec(body)![1]);
    };
    const [photosBefore, batchesBefore] = [await numberOf('busana_batch_photos_sum'), await numberOf('busana_batch_photos_count')]; // prettier-ignore
    // More than any machine answers in the time that one sender has; each with bytes of its own, for what is known is
    // answered from memory.
    const requests = Array.from({ length: 1000 }, (_, at) => shop!.post(URL, formOf(['p', Buffer.concat([photo, Buffer.from(String(at))]), 'a.jpg']))); // prettier-ignore
    const responses = await Promise.all(requests);
    const statuses = new Set(responses.map(({ statusCode }) => statusCode));
    expect([...statuses].sort()).toEqual([200, 429]);
    const refused = responses.find(({ statusCode }) => statusCode === 429)!;
    expect(failure(refused).code).toBe('TOO_MANY_REQUESTS');
    expect(refused.headers['retry-after']).toBe('2');
    // All have left.
    answer(await shop!.post(URL, formOf(['p', Buffer.concat([photo, Buffer.from('last')]), 'a.jpg'])));
    const asked = (await numberOf('busana_batch_photos_sum')) - photosBefore;
    const batches = (await numberOf('busana_batch_photos_count')) - batchesBefore;
    expect(asked).toBe(responses.filter(({ statusCode }) => statusCode === 200).length + 1);
    expect(batches).toBeLessThan(asked);
    expect(await numberOf('busana_waiting_photos')).toBe(0);
  });

  it('answers the same photo from memory, until another model follows', async () => {
    const remembered = async () => Number(/^busana_remembered_answers_total (\d+)/m.exec((await shop!.app.inject('/metrics')).body)![1]); // prettier-ignore
    const photo = Buffer.concat([await jpeg(7), Buffer.from('memory')]);
    const ask = async () => answer(await shop!.post(`${URL}?classes=all`, formOf(['id', 'x'], ['p', photo, 'a.jpg'])));
    const before = await remembered();
    const [first, second] = [await ask(), await ask()];
    expect(await remembered()).toBe(before + 1);
    expect(second.predictions).toEqual(first.predictions);
    const other = join(shop!.folder, 'other.onnx');
    const changed = await randomArtifact({ model: 'cnn', imageSize: 32 }, (_, values) => values.forEach((value, at) => (values[at] = value * 1.1))); // prettier-ignore
    await writeFile(other, changed.bytes);
    await shop!.predictor.swap(other);
    const third = await ask();
    expect(await remembered()).toBe(before + 1);
    expect(third.model.hash).not.toBe(first.model.hash);
    expect(third.predictions[0]!.attributes[0]!.classes).not.toEqual(first.predictions[0]!.attributes[0]!.classes);
  });
});
