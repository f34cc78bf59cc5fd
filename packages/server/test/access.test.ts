import { errorAnswerSchema, newTokenSchema, productDetailsSchema, roles, type Role } from '@busana/contracts';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { proxiesOf } from '../src/access/origin.ts';
import { createToken, revokeToken } from '../src/access/tokens.ts';
import { addProducts } from '../src/catalogue/add.ts';
import { tokens } from '../src/database/schema/tokens.ts';
import { garment } from './support/garments.ts';
import { homes, type Home } from './support/homes.ts';
import { openShop, type Shop } from './support/shop.ts';

describe.each(homes)('a server with a login, $name', ({ there, make }) => {
  let [home, shop]: [Home | undefined, Shop | undefined] = [undefined, undefined];
  const of: Partial<Record<Role, string>> = {};
  let product = 0;
  const app = () => shop!.app;
  const ask = (options: InjectOptions, role?: Role) =>
    app().inject({ ...options, headers: { ...options.headers, ...(role && { authorization: `Bearer ${of[role]!}` }) } }); // prettier-ignore
  const correction = (): InjectOptions => ({
    method: 'PATCH',
    url: `/api/v1/products/${product}/attributes`,
    payload: { attributes: { warna: '2' } },
  });

  beforeAll(async () => {
    if (!there) return;
    home = await make();
    shop = await openShop(home.where, { login: true, proxies: proxiesOf('10.0.0.0/8, fd00::1') });
    const { orm } = shop.database;
    for (const role of roles) of[role] = (await createToken(orm, { name: `the ${role}`, role })).token;
    [product = 0] = await addProducts(orm, [garment('0', '0')], shop.predictor.hash);
  }, 60_000);
  afterAll(async () => {
    await shop?.close();
    await home?.remove();
  });

  /** Every route of the document, with something in the place of its parameters. */
  const routes = () => {
    const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse(app().swagger()); // prettier-ignore
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  };
  const statusOf = async (route: string, role?: Role) => {
    const [method, path] = route.split(' ') as ['GET', string];
    return (await ask({ method, url: path.replaceAll(/\{\w+\}/g, '999999999') }, role)).statusCode;
  };

  it.skipIf(!there)('asks everybody for a token, of every route but the way in', async () => {
    const open: string[] = [];
    for (const route of routes()) if ((await statusOf(route)) !== 401) open.push(route);
    expect(open.sort()).toEqual(['GET /v2/health/live', 'GET /v2/health/ready', 'POST /api/v1/session']);
    for (const url of ['/metrics', '/api/v1/openapi.json', '/nothing'])
      expect((await ask({ url })).statusCode, url).toBe(401);
    for (const url of ['/healthz', '/readyz']) expect((await ask({ url })).statusCode, url).toBe(200);
    const answer = await ask({ url: '/api/v1/products' });
    expect(errorAnswerSchema.parse(answer.json()).error).toMatchObject({ code: 'UNAUTHENTICATED', message: 'a token is needed here' }); // prettier-ignore
  });

  it.skipIf(!there)('lets each role do what it may, and those above it all the same', async () => {
    const refused = async (role: Role) => {
      const all: string[] = [];
      for (const route of routes()) if ((await statusOf(route, role)) === 403) all.push(route);
      return all;
    };
    const [viewer, editor, admin] = [await refused('viewer'), await refused('editor'), await refused('admin')];
    expect(viewer.filter((route) => route.startsWith('GET '))).toEqual(['GET /api/v1/tokens', 'GET /api/v1/jobs']);
    const may = routes().filter((route) => !route.startsWith('GET ') && !viewer.includes(route));
    expect(may).toEqual(expect.arrayContaining(['POST /api/v1/predict', 'POST /api/v1/session', 'DELETE /api/v1/session'])); // prettier-ignore
    expect(may.filter((route) => /products\/\{id\}|imports/.test(route))).toEqual([]);
    expect(editor).toEqual(expect.arrayContaining(['DELETE /api/v1/tokens/{id}', 'GET /api/v1/tokens', 'POST /api/v1/tokens'])); // prettier-ignore
    expect(editor.filter((route) => route.includes('products'))).toEqual([]);
    expect(viewer).toEqual(expect.arrayContaining(editor));
    expect(admin).toEqual([]);
    const folder: InjectOptions = { method: 'POST', url: '/api/v1/imports', payload: { folder: '/etc' } };
    const answer = await ask(folder, 'editor');
    expect(answer.statusCode).toBe(403);
    expect(errorAnswerSchema.parse(answer.json()).error.message).toBe('the editor is editor; this needs admin');
  });

  it.skipIf(!there)('writes corrections down under the name of the token', async () => {
    const { history } = productDetailsSchema.parse((await ask(correction(), 'editor')).json());
    expect(history.map(({ actor }) => actor)).toEqual(['the editor']);
  });

  it.skipIf(!there)('keeps no token that anybody could use, and none works once it is revoked', async () => {
    const answer = await ask({ method: 'POST', url: '/api/v1/tokens', payload: { name: 'rina', role: 'viewer' } }, 'admin'); // prettier-ignore
    const made = newTokenSchema.parse(answer.json());
    expect(made).toMatchObject({ name: 'rina', role: 'viewer', last_used_at: null });
    const rows = await shop!.database.orm.select().from(tokens);
    expect(JSON.stringify(rows)).not.toContain(made.token.slice('busana_'.length));
    const list = () => app().inject({ url: '/api/v1/products', headers: { authorization: `bearer ${made.token}` } });
    expect((await list()).statusCode).toBe(200);
    const listed = z.array(z.looseObject({ name: z.string(), last_used_at: z.string().nullable() })).parse((await ask({ url: '/api/v1/tokens' }, 'admin')).json()); // prettier-ignore
    expect(listed.find(({ name }) => name === 'rina')?.last_used_at).not.toBeNull();
    await expect(createToken(shop!.database.orm, { name: 'rina', role: 'admin' })).rejects.toThrow(
      'rina has a token already',
    );
    expect((await ask({ method: 'DELETE', url: `/api/v1/tokens/${made.id}` }, 'admin')).statusCode).toBe(204);
    expect((await list()).statusCode).toBe(401);
    await expect(revokeToken(shop!.database.orm, made.id)).rejects.toThrow(`there is no token ${made.id}`);
  });

  it.skipIf(!there)('logs browsers in by a cookie that scripts and other pages cannot use', async () => {
    const login = (token: string, headers: Record<string, string> = {}) =>
      app().inject({ method: 'POST', url: '/api/v1/session', payload: { token }, headers });
    expect((await login('busana_nothing')).statusCode).toBe(401);
    expect((await login(of.editor!, { origin: 'http://evil.example' })).statusCode).toBe(403);
    const answer = await login(of.editor!);
    expect(answer.json()).toEqual({ login: true, name: 'the editor', role: 'editor' });
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^busana_token=\S+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(String((await login(of.editor!, { 'x-forwarded-proto': 'https' })).headers['set-cookie'])).toContain(
      '; Secure',
    );
    const from = (headers: Record<string, string>) => ask({ ...correction(), headers: { cookie: cookie.split(';')[0]!, host: 'shop.example', ...headers } }); // prettier-ignore
    expect((await from({ origin: 'http://shop.example' })).statusCode).toBe(200);
    expect((await from({ origin: 'http://evil.example' })).statusCode).toBe(403);
    expect((await from({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    const left = await app().inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie: cookie.split(';')[0]! } }); // prettier-ignore
    expect(String(left.headers['set-cookie'])).toMatch(/^busana_token=; Max-Age=0;/);
  });

  it.skipIf(!there)('gives a token as many requests a minute as it was made for, and no other fewer', async () => {
    const payload = { name: 'a program', role: 'viewer', requests_per_minute: 3 };
    const made = newTokenSchema.parse((await ask({ method: 'POST', url: '/api/v1/tokens', payload }, 'admin')).json());
    expect(made.requests_per_minute).toBe(3);
    const statuses: number[] = [];
    for (let at = 0; at < 5; at += 1) statuses.push((await app().inject({ url: '/api/v1/taxonomy', headers: { authorization: `Bearer ${made.token}` } })).statusCode); // prettier-ignore
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await ask({ url: '/api/v1/taxonomy' }, 'viewer')).statusCode).toBe(200);
    const refused = await ask({ method: 'POST', url: '/api/v1/tokens', payload: { ...payload, requests_per_minute: 0 } }, 'admin'); // prettier-ignore
    expect(refused.statusCode).toBe(400);
  });

  it.skipIf(!there)('believes proxies that were named about their clients, and nobody else', async () => {
    const { headers } = await app().inject({ method: 'POST', url: '/api/v1/session', payload: { token: of.editor! } });
    const cookie = String(headers['set-cookie']).split(';')[0]!;
    const page = { cookie, host: 'shop.example', origin: 'https://shop.example', 'x-forwarded-proto': 'https' };
    const from = async (remoteAddress: string) => (await app().inject({ ...correction(), headers: page, remoteAddress })).statusCode; // prettier-ignore
    expect([await from('10.1.2.3'), await from('fd00::1'), await from('127.0.0.1')]).toEqual([200, 200, 200]);
    expect([await from('11.1.2.3'), await from('fd00::2')]).toEqual([403, 403]);
    expect(() => proxiesOf('10.0.0.0/8,everybody')).toThrow(/'everybody' is neither an address nor a network/);
  });

  it.skipIf(!there)('lets nobody try tokens out, and nobody else suffer of it', async () => {
    const guess = () => app().inject({ url: '/api/v1/products', headers: { authorization: 'Bearer busana_guess' } });
    const statuses: number[] = [];
    for (let at = 0; at < 25; at += 1) statuses.push((await guess()).statusCode);
    // Of the 20 that are allowed one at most was used before: by the token that is revoked.
    expect(statuses.slice(0, 19)).toEqual(Array.from({ length: 19 }, () => 401));
    expect(statuses.slice(20)).toEqual([429, 429, 429, 429, 429]);
    expect(Number((await guess()).headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask({ url: '/api/v1/products' }, 'viewer')).statusCode).toBe(200);
    const logins: number[] = [];
    for (let at = 0; at < 25; at += 1) logins.push((await app().inject({ method: 'POST', url: '/api/v1/session', payload: { token: 'guess' } })).statusCode); // prettier-ignore
    expect(logins.at(-1)).toBe(429);
  });
});
