/** @file Who is let in to ask the model: by how long photos take, and not by how many there are. */
import type { Answer } from '@busana/vision';
import Fastify, { type FastifyInstance } from 'fastify';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { answerErrors } from '../src/http/errors.ts';
import { WaitingLine } from '../src/http/waiting-line.ts';
import { AnswerCache } from '../src/predictions/answer-cache.ts';
import { Pace } from '../src/predictions/pace.ts';

describe('the pace of answers', () => {
  it('is that of the last seconds, of times in which there was something to do', () => {
    let now = 0;
    const pace = new Pace(() => now);
    expect(pace.wait).toBe(0);
    const work = (photos: number, milliseconds: number) => {
      pace.enter(photos);
      now += milliseconds;
      pace.leave(photos, true);
      now += 10_000;
    };
    for (let round = 0; round < 50; round += 1) work(10, 100);
    expect(pace.milliseconds).toBeCloseTo(10, 1);
    // Twice as slow from now on.
    for (let round = 0; round < 200; round += 1) work(10, 200);
    expect(pace.milliseconds).toBeCloseTo(20, 1);
    // Stopped for an hour in the middle, and soon as before.
    work(1, 3_600_000);
    for (let round = 0; round < 5; round += 1) work(10, 200);
    expect(pace.milliseconds).toBeLessThan(200);
    for (let round = 0; round < 400; round += 1) work(10, 200);
    pace.enter(5);
    expect(pace.wait).toBeCloseTo(100, 0);
    // Who goes away without an answer makes nobody faster.
    pace.leave(5, false);
    expect(pace.milliseconds).toBeCloseTo(20, 1);
    expect(pace.photos).toBe(0);
  });
});

describe('the line of requests', () => {
  let app: FastifyInstance | undefined;
  afterEach(() => app?.close());

  /** A server whose answers come when they are let go, at 10 ms a photo. */
  function serving() {
    let now = 0;
    const pace = new Pace(() => now);
    pace.enter(100);
    now += 1000;
    pace.leave(100, true);
    const line = new WaitingLine(pace, { wait: 1000, share: 0.5 });
    app = Fastify({ trustProxy: true });
    answerErrors(app);
    app.decorateRequest('actor');
    app.addHook('onRequest', (request, _reply, done) => {
      request.actor = { name: String(request.headers['x-name'] ?? 'rina'), role: 'viewer', requests: null };
      done();
    });
    const held: (() => void)[] = [];
    app.post('/', { onRequest: line.admit }, async (request) => {
      line.counted(request, Number(request.headers['x-photos']));
      await new Promise<void>((resolve) => held.push(resolve));
      return {};
    });
    const ask = (name: string, photos: number) => app!.inject({ method: 'POST', url: '/', headers: { 'x-name': name, 'x-photos': String(photos) } }); // prettier-ignore
    const begin = async (name: string, photos: number) => {
      const [answer, count] = [ask(name, photos), held.length];
      while (held.length === count) await new Promise((resolve) => setImmediate(resolve));
      return answer;
    };
    return { pace, ask, held, begin: (name: string, photos: number) => void begin(name, photos), until: (count: number) => (async () => { while (held.length < count) await new Promise((resolve) => setImmediate(resolve)); })() }; // prettier-ignore
  }

  it('lets nobody take more than his share, nor anybody wait longer than is allowed', async () => {
    const { pace, ask, held, begin, until } = serving();
    begin('rina', 49);
    await until(1);
    // 490 ms of hers: one more comes in, whatever it has.
    begin('rina', 30);
    await until(2);
    const own = await ask('rina', 1);
    expect([own.statusCode, own.headers['retry-after']]).toEqual([429, '2']);
    expect(own.json()).toMatchObject({ error: { message: 'photos of yours that take 0.8 s are being worked on' } });
    // Others have time left until a second is full.
    begin('budi', 21);
    await until(3);
    const other = await ask('sari', 1);
    expect(other.statusCode).toBe(503);
    expect(other.json()).toMatchObject({ error: { code: 'OVERLOADED' } });
    for (const go of held.splice(0)) go();
    while (pace.photos > 0) await new Promise((resolve) => setImmediate(resolve));
    begin('rina', 64);
    await until(1);
    held[0]!();
  });
});

describe('answers that are remembered', () => {
  const answer = () => ({}) as Answer;

  it('are those asked for last, of the model that answers now', () => {
    const cache = new AnswerCache(2);
    const [a, b, c] = [answer(), answer(), answer()];
    cache.set('m', 'a', a, 'm');
    cache.set('m', 'b', b, 'm');
    expect(cache.get('m', 'a')).toBe(a);
    cache.set('m', 'c', c, 'm');
    expect(['a', 'b', 'c'].map((photo) => cache.get('m', photo))).toEqual([a, undefined, c]);
    // Given by the model before, and told after the next has followed.
    cache.set('n', 'd', answer(), 'm');
    expect(['a', 'c', 'd'].map((photo) => cache.get('n', photo))).toEqual([undefined, undefined, undefined]);
    expect(cache.size).toBe(0);
  });

  it('are never more than there is room for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')), (room, photos) => {
        const cache = new AnswerCache(room);
        const latest: string[] = [];
        for (const photo of photos) {
          cache.set('m', photo, answer(), 'm');
          if (latest.includes(photo)) latest.splice(latest.indexOf(photo), 1);
          latest.push(photo);
          expect(cache.size).toBe(Math.min(room, latest.length));
        }
      }),
    ); // prettier-ignore
  });
});
