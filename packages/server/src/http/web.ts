/**
 * @file The pages of the shop. They are a few files, read once and handed out from memory: no path of a request ever
 * becomes a path of the disk. Any other address that a browser opens is a page that the pages themselves draw.
 */
import { BusanaError } from '@busana/contracts';
import { hashOf } from '@busana/vision';
import type { FastifyPluginCallback } from 'fastify';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

interface Page {
  readonly body: Buffer;
  readonly type: string;
  readonly tag: string;
  /** Its name changes with its content. */
  readonly lasting: boolean;
}

/** @param site folder of `index.html`; requests that come before it is there wait for it */
export function webRoutes(site: Promise<string>): FastifyPluginCallback {
  const pages = site.then(readPages);
  // Whoever asks for a page is told.
  pages.catch(() => undefined);
  return (app, _options, done) => {
    app.get('/*', { config: { role: 'open' }, schema: { hide: true } }, async ({ url, method, headers }, reply) => {
      const path = url.replace(/\?.*/, '');
      const found = await pages;
      const drawn = !/^\/(api|v2)\//.test(path) && extname(path) === '' ? found.get('/index.html') : undefined;
      const page = found.get(path) ?? drawn;
      if (page === undefined) throw new BusanaError('ROUTE_NOT_FOUND', `there is nothing at ${method} ${url}`);
      void reply.headers({
        etag: page.tag,
        'cache-control': page.lasting ? 'private, max-age=31536000, immutable' : 'no-cache',
      });
      if (headers['if-none-match'] === page.tag) return reply.status(304).send();
      return reply.type(page.type).send(page.body);
    });
    done();
  };
}

async function readPages(folder: string): Promise<ReadonlyMap<string, Page>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pages = paths.map(async (path): Promise<[string, Page]> => {
    const body = await readFile(path);
    const address = `/${relative(folder, path).replaceAll(sep, '/')}`;
    const tag = `"${hashOf([body]).slice(0, 20)}"`;
    const type = types[extname(path)] ?? 'application/octet-stream';
    return [address, { body, type, tag, lasting: address.startsWith('/assets/') }];
  });
  return new Map(await Promise.all(pages));
}
