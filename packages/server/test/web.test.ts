/** @file Pages from memory: what is handed out, what is not, and what browsers keep. */
import Fastify, { type FastifyInstance } from 'fastify';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerErrors } from '../src/http/errors.ts';
import { webRoutes } from '../src/http/web.ts';

let folder: string;
let app: FastifyInstance;

function appOf(site: Promise<string>): FastifyInstance {
  const made = Fastify();
  answerErrors(made);
  made.get('/api/v1/things', () => 'things');
  void made.register(webRoutes(site));
  return made;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-pages-'));
  await mkdir(join(folder, 'site', 'assets'), { recursive: true });
  await writeFile(join(folder, 'site', 'index.html'), '<!doctype html>the shop');
  await writeFile(join(folder, 'site', 'assets', 'main-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'not for everybody');
  app = appOf(Promise.resolve(join(folder, 'site')));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

describe('pages', () => {
  it.each(['/', '/catalogue', '/catalogue/7?q=kaos', '/index.html'])('%s is the one document', async (url) => {
    const { statusCode, headers, body } = await app.inject(url);
    expect([statusCode, body]).toEqual([200, '<!doctype html>the shop']);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    // A new version is seen at the next look.
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('keeps what is named by its content, and is asked for it once', async () => {
    const first = await app.inject('/assets/main-1a2b.js');
    expect(first.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(first.headers['cache-control']).toContain('immutable');
    const again = await app.inject({ url: '/assets/main-1a2b.js', headers: { 'if-none-match': first.headers.etag! } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/none.js',
    '/api/v1/none',
    '/favicon.ico',
  ])('%s is not there', async (url) => {
    const { statusCode, body } = await app.inject(url);
    expect(statusCode).toBe(404);
    expect(body).toContain('ROUTE_NOT_FOUND');
  });

  it('leaves the interface alone, and takes nothing in', async () => {
    expect((await app.inject('/api/v1/things')).body).toBe('things');
    expect((await app.inject({ method: 'POST', url: '/catalogue' })).statusCode).toBe(404);
  });

  it('lets who comes early wait until the pages are made', async () => {
    let made: (folder: string) => void = () => undefined;
    const early = appOf(new Promise((resolve) => (made = resolve)));
    const asked = early.inject('/review');
    expect((await early.inject('/api/v1/things')).body).toBe('things');
    made(join(folder, 'site'));
    expect((await asked).body).toBe('<!doctype html>the shop');
    await early.close();
  });

  it('says what is wrong when they cannot be made', async () => {
    const broken = appOf(Promise.reject(new Error('no disk')));
    const { statusCode, body } = await broken.inject('/');
    expect(statusCode).toBe(500);
    expect(body).toContain('INTERNAL');
    await broken.close();
  });
});
