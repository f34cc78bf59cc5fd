/** @file A whole shop for tests: a server with a small model, drawn photos, and a browser before it. */
import { createToken, openDatabase, serve, type RunningServer } from '@busana/server';
import { drawWardrobe } from '@busana/vision';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from '../../../vision/test/support/browser.ts';
import { randomArtifact } from '../../../vision/test/support/random-artifact.ts';
import { site } from '../../build/index.ts';

export interface BrowserShop {
  readonly address: string;
  /** Drawn photos, in the order of their numbers. */
  readonly photos: readonly string[];
  /** A browser of its own, which opens pages; whatever they complain of is in {@link complaints}. */
  readonly browse: (options?: BrowserContextOptions) => Promise<(path: string) => Promise<Page>>;
  /** The first page of a browser of its own. */
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Errors of pages, what their content policy has refused, and whatever they asked of anybody but the server. */
  readonly complaints: string[];
  /** Lets an admin in, where a login is asked for. */
  readonly token: string;
  readonly close: () => Promise<void>;
}

async function tokenOf(database: string, name: string): Promise<string> {
  const { orm, close } = await openDatabase(database);
  const { token } = await createToken(orm, { name, role: 'admin' });
  await close();
  return token;
}

/** Small photos are drawn and read fast, and show as much of the product as large ones. */
const SIDE = 96;

/**
 * @param photos how many are drawn
 * @param admin whose token there is; a login is asked for then
 */
export async function openBrowserShop(photos: number, admin?: string): Promise<BrowserShop> {
  const folder = await mkdtemp(join(tmpdir(), 'busana-web-'));
  const wardrobe = join(folder, 'wardrobe');
  const model = join(folder, 'model.onnx');
  await drawWardrobe(wardrobe, { count: photos, test: 0, seed: 7, size: SIDE });
  await writeFile(model, (await randomArtifact({ model: 'cnn', imageSize: 32 })).bytes);
  const data = join(folder, 'data');
  const token = admin === undefined ? '' : await tokenOf(join(data, 'database'), admin);
  const login = admin !== undefined;
  const server: RunningServer = await serve({ host: '127.0.0.1', port: 0, data, login, model, version: '0.0.0', threads: 1, site: site() }); // prettier-ignore
  const browser: Browser = await openBrowser();
  const complaints: string[] = [];
  const names = await readdir(join(wardrobe, 'train'));
  const browse = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
    context.on('weberror', (error) => complaints.push(error.error().message));
    context.on('request', (request) => {
      const elsewhere = /^https?:/.test(request.url()) && !request.url().startsWith(server.address);
      if (elsewhere) complaints.push(`asked for ${request.url()}`);
    });
    context.on('console', (message) => {
      // What the server refuses is shown on the page, where tests look.
      const refused = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !refused) complaints.push(message.text());
    });
    return async (path: string) => {
      const page = await context.newPage();
      await page.goto(`${server.address}${path}`);
      return page;
    };
  };
  return {
    address: server.address,
    photos: names.sort((a, b) => parseInt(a) - parseInt(b)).map((name) => join(wardrobe, 'train', name)),
    complaints,
    token,
    browse,
    open: async (path, options) => (await browse(options))(path),
    close: async () => {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Brings photos into the catalogue without a browser. */
export async function importPhotos({ address }: BrowserShop, folder: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${address}/api/v1/imports`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ folder }),
  });
  const { id } = (await response.json()) as { id: number };
  // The stream ends when the import does.
  await (await fetch(`${address}/api/v1/imports/${id}/events`)).text();
}
