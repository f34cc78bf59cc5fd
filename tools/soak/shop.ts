/** @file What people and programs do in a shop all day, as requests. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Stopwatch } from './stopwatch.ts';

const productsSchema = z.object({ products: z.array(z.object({ id: z.number() })) });
const importSchema = z.object({ id: z.number(), state: z.string() });

/** Photos of the catalogue, at most. */
const PHOTOS = 1000;

/** Requests to one server, counted by what they are for. */
export class ShopWork {
  readonly #address: string;
  readonly #photos: readonly Buffer[];
  readonly #watch: Stopwatch;
  readonly counts = new Map<string, number>();
  readonly failures: string[] = [];
  /** Requests that were to come again later: another has done so. */
  refused = 0;
  /** Requests whose connection was lost while everything stood still, and that were made again. */
  again = 0;
  #made = 0;

  private constructor(address: string, photos: readonly Buffer[], watch: Stopwatch) {
    this.#watch = watch;
    this.#address = `${address}/api/v1`;
    this.#photos = photos;
  }

  static async of(address: string, folder: string, watch: Stopwatch): Promise<ShopWork> {
    const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).slice(0, PHOTOS);
    return new ShopWork(address, await Promise.all(names.map((name) => readFile(join(folder, name)))), watch);
  }

  get photos(): number {
    return this.#photos.length;
  }

  /** Everything there is to do; each is done again and again, with that many seconds between. */
  readonly kinds: readonly (readonly [name: string, seconds: number, work: () => Promise<void>])[] = [
    ['prediction', 0.25, () => this.predict()],
    ['search', 1, async () => void (await this.#get('search', `/products?q=${this.#any(['kaos merah', 'red hoodie', 'hitam', 'x'])}`))],
    ['stock', 5, async () => void (await this.#get('stock', '/products/stock'))],
    ['search by photo', 5, async () => void (await this.#send('search by photo', 'POST', '/products/search-by-photo', this.#form(1)))],
    ['similar', 5, () => this.#withProduct('similar', async (id) => void (await this.#get('similar', `/products/${id}/similar`)))],
    ['correction', 2, () => this.#withProduct('correction', (id) => this.#correct(id))],
    ['review', 5, async () => void (await this.#get('review', '/review'))],
    ['export', 10, async () => void (await this.#get('export', '/exports/products?format=csv'))],
    ['explanation', 20, async () => void (await this.#send('explanation', 'POST', '/explanations', this.#form(1, ['method', 'gradcam'])))],
    // Once every photo is there, these again, and photos that are taken away again: the catalogue stays as large as it is.
    ['import', 15, () => this.importPhotos(10)],
    ['demo', 60, () => this.#demo()],
  ]; // prettier-ignore

  /** Asks about a photo that nobody has asked about. */
  async predict(): Promise<void> {
    await this.#send('prediction', 'POST', '/predict', this.#form(1, undefined, true));
  }

  /** Waits for its end. */
  async importPhotos(count: number): Promise<void> {
    const begun = await this.#send('import', 'POST', '/imports', this.#form(count));
    if (begun !== undefined) await this.#ended(begun);
  }

  async #demo(): Promise<void> {
    const begun = await this.#send('demo', 'POST', '/demo');
    if (begun !== undefined) await this.#ended(begun);
    await this.#send('demo', 'DELETE', '/demo');
  }

  async #correct(id: number): Promise<void> {
    const attributes = { warna: this.#any(['0', '1', '2', '3', '4']) };
    const done = await this.#send('correction', 'PATCH', `/products/${id}/attributes`, { attributes });
    if (done !== undefined) await this.#send('correction', 'POST', `/products/${id}/undo`);
  }

  async #ended(begun: unknown): Promise<void> {
    for (let { id, state } = importSchema.parse(begun); state === 'running';) {
      await setTimeout(500);
      const now = await this.#get('import', `/imports/${id}`);
      if (now !== undefined) ({ id, state } = importSchema.parse(now));
    }
  }

  async #withProduct(name: string, work: (id: number) => Promise<void>): Promise<void> {
    const page = await this.#get(name, '/products?limit=50');
    if (page === undefined) return;
    const { products } = productsSchema.parse(page);
    if (products.length > 0) await work(this.#any(products).id);
  }

  #form(count: number, field?: readonly [string, string], fresh = false): FormData {
    const form = new FormData();
    if (field !== undefined) form.append(...field);
    for (let left = count; left > 0; left -= 1) {
      const number = (this.#made += 1);
      const photo = this.#photos[number % this.#photos.length]!;
      // What comes after the end of a JPEG is no part of the picture.
      const bytes = fresh ? Buffer.concat([photo, Buffer.from(`${performance.timeOrigin} ${number}`)]) : photo;
      form.append('photo', new Blob([Uint8Array.from(bytes)]), `${number % this.#photos.length}.jpg`);
    }
    return form;
  }

  #any<T>(items: readonly T[]): T {
    return items[(this.#made += 1) % items.length]!;
  }

  #get(name: string, path: string): Promise<unknown> {
    return this.#send(name, 'GET', path);
  }

  /** @returns the answer; undefined when the request has failed, which is written down */
  async #send(name: string, method: string, path: string, body?: FormData | object): Promise<unknown> {
    const json = body !== undefined && !(body instanceof FormData);
    const init = {
      method,
      ...(json ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : body && { body }),
    };
    const failed = async (why: string): Promise<unknown> => {
      if (!this.#watch.awakening) return void this.failures.push(`${name}: ${method} ${path}: ${why}`);
      // What either end has given up while both stood still says nothing of the server.
      this.again += 1;
      await setTimeout(1000);
      return this.#send(name, method, path, body);
    };
    this.#watch.look();
    try {
      const answer = await fetch(this.#address + path, init);
      const text = await answer.text();
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      // A product may have gone with the demo between two requests.
      if (answer.status === 404 && /PRODUCT_NOT_FOUND/.test(text)) return undefined;
      if (answer.status === 429 || answer.status === 503) {
        this.refused += 1;
        await setTimeout(1000 * Number(answer.headers.get('retry-after') ?? 1));
        return undefined;
      }
      if (!answer.ok) return await failed(`${answer.status} ${text.slice(0, 200)}`);
      return /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
      return failed(`${String(error)}${cause}`);
    }
  }
}
