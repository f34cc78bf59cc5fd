/** @file The way of a shop through its pages, in a real browser, on a real server. */
import { catalogueAnalysisSchema, productPageSchema } from '@busana/contracts';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium } from '../../vision/test/support/browser.ts';
import { zipBytes } from '../../vision/test/support/zip.ts';
import { CataloguePage } from './pages/catalogue.ts';
import { ModelsPage } from './pages/models.ts';
import { ProductPage } from './pages/product.ts';
import { ReviewPage } from './pages/review.ts';
import { openBrowserShop, type BrowserShop } from './support/shop.ts';

const PHOTOS = 200;
/** Photos that are drawn beside the server, enough to learn from. */
const DRAWN = 40;
/** Products that people have confirmed before a training. */
const LABELLED = 80;
const types = ['0', '1'];
const colours = ['0', '1', '2', '3', '4'];

describe.skipIf(chromium === undefined)('the shop in a browser', () => {
  let shop: BrowserShop;
  let page: Page;
  beforeAll(async () => {
    shop = await openBrowserShop(DRAWN);
    page = await shop.open('/');
  }, 120_000);
  afterAll(() => shop.close(), 60_000);

  it('classifies a dropped photo, with probabilities that add up', async () => {
    await page.getByTestId('files').setInputFiles(shop.photos[0]!);
    await page.getByTestId('phrase').waitFor();
    const shares = await page.getByRole('progressbar', { name: /^Type:/ }).evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('aria-valuenow')))); // prettier-ignore
    expect(shares).toHaveLength(2);
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(100, 1);
  });

  it('imports 200 demo photos with progress', async () => {
    await page.getByRole('link', { name: 'Import & export' }).click();
    await page.getByRole('button', { name: 'Load the demo catalogue' }).click();
    await page.locator('[data-import]').waitFor();
    await page.locator('[data-import=done]').waitFor();
    expect(await page.getByText(/^\d+ added$/).textContent()).toBe(`${PHOTOS} added`);
    await page.getByRole('link', { name: 'See the catalogue' }).click();
    await page.getByTestId('total').waitFor();
    expect(await new CataloguePage(page).total()).toContain(`${PHOTOS} products`);
  });

  it('shows facets and a stock matrix that agree with what each product says', async () => {
    const catalogue = new CataloguePage(page);
    const { products } = productPageSchema.parse(await (await fetch(`${shop.address}/api/v1/products?limit=200`)).json()); // prettier-ignore
    const count = (wanted: Record<string, string>): number =>
      products.filter(({ labels }) => Object.entries(wanted).every(([name, code]) => labels[name] === code)).length;
    for (const jenis of types) expect(await catalogue.facet('jenis', jenis)).toBe(count({ jenis }));
    for (const warna of colours) expect(await catalogue.facet('warna', warna)).toBe(count({ warna }));
    await catalogue.openStock();
    for (const jenis of types) {
      for (const warna of colours) expect(await catalogue.cell(jenis, warna)).toBe(count({ jenis, warna }));
    }
    await page.getByText('Photos', { exact: true }).click();
  });

  it('finds the same products in both languages', async () => {
    const catalogue = new CataloguePage(page);
    const everything = await catalogue.products();
    await catalogue.search('kaos merah');
    const found = await catalogue.products();
    expect(found.length).toBeLessThan(everything.length);
    await catalogue.search('red t-shirt');
    expect(await catalogue.products()).toEqual(found);
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await expect.poll(() => catalogue.total()).toContain(`${PHOTOS} products`);
  });

  it('corrects a label by keyboard, takes it back, corrects it again', async () => {
    await page.getByTestId('products').getByRole('link').first().click();
    const product = new ProductPage(page);
    const before = await product.chosen('Colour');
    await product.nextValue('Colour');
    const after = await product.chosen('Colour');
    expect(after).not.toBe(before);
    await product.undo();
    expect(await product.chosen('Colour')).toBe(before);
    await product.nextValue('Colour');
    expect(await product.chosen('Colour')).toBe(after);
    const change = (from: string, to: string) => `Colour: ${from} → ${to}`;
    const changes = (await product.history()).filter((line) => line.startsWith('Colour'));
    expect(changes).toEqual([change(before, after), change(after, before), change(before, after)]);
  });

  it('finds the twin of a photo first, and what is like a product', async () => {
    await page.getByRole('link', { name: 'Catalogue', exact: true }).click();
    const { products } = productPageSchema.parse(await (await fetch(`${shop.address}/api/v1/products?limit=9`)).json());
    const hash = products[5]!.photo!;
    const photo = await (await fetch(`${shop.address}/api/v1/photos/${hash}`)).arrayBuffer();
    const file = { name: 'mine.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(photo) };
    await page.getByTestId('search-photo').setInputFiles(file);
    const first = page.getByTestId('similar').locator('[data-product]').first();
    await first.waitFor();
    expect(await first.locator('img').getAttribute('src')).toContain(hash);
    expect(await first.textContent()).toContain('100% alike');
    await first.getByRole('link').click();
    const similar = page.getByTestId('like-this').locator('[data-product]');
    await similar.first().waitFor();
    expect(await similar.count()).toBe(6);
    expect(await similar.evaluateAll((cards) => cards.map((card) => card.getAttribute('data-product')))).not.toContain(String(products[5]!.id)); // prettier-ignore
  });

  it('reviews by keyboard: a digit is saved, taken back, given again', async () => {
    const review = new ReviewPage(page);
    await review.open();
    const title = await review.active();
    const before = await review.chosen(title);
    // Whoever corrected a product on its own page has reviewed it.
    const had = parseInt(await review.progress());
    const wanted = before.endsWith('=0') ? ['2', '=1'] : ['1', '=0'];
    await review.press(wanted[0]!, /saved/);
    expect(await review.chosen(title)).toMatch(new RegExp(`${wanted[1]}$`));
    expect(await review.progress()).toMatch(new RegExp(`^${had + 1} reviewed`));
    await review.press('u', /Taken back/);
    expect(await review.chosen(title)).toBe(before);
    expect(await review.progress()).toMatch(new RegExp(`^${had} reviewed`));
    await review.press(wanted[0]!, /saved/);
    await page.keyboard.press(' ');
    await page.getByText(/^2 of \d+$/).waitFor();
  });

  it('retrains on what people said, compares, activates, rolls back', async () => {
    for (let id = 1; id <= LABELLED; id += 1)
      await fetch(`${shop.address}/api/v1/review/${id}/confirm`, { method: 'POST' });
    const models = new ModelsPage(page);
    await models.train('taught');
    const before = await models.active();
    expect(await models.comparison('taught')).toMatch(/Before and after, on the same \d+ photos.*McNemar/);
    await models.activate('taught');
    await expect.poll(() => models.active()).toBe('taught');
    await models.rollBack();
    await expect.poll(() => models.active()).toBe(before);
  });

  it('learns from a zip with labels', async () => {
    const folder = dirname(dirname(shop.photos[0]!));
    const files = ['train.csv', ...shop.photos.map((path) => `train/${basename(path)}`)];
    const members = await Promise.all(files.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
    const zip = { name: 'wardrobe.zip', mimeType: 'application/zip', buffer: zipBytes(members) };
    const models = new ModelsPage(page);
    const said = await models.train('from a zip', zip);
    expect(said).toContain('wardrobe.zip');
    const [, train, others] = /learns from (\d+) photos, compared on (\d+) others/.exec(said) ?? [];
    expect(Number(train)).toBeGreaterThan(DRAWN / 2);
    expect(Number(others)).toBeGreaterThan(0);
    expect(await models.comparison('from a zip')).toMatch(/McNemar/);
  });

  it('says what a network with random weights takes, and offers nothing that makes no sense of it', async () => {
    await new ModelsPage(page).startFrom(/^mobilenet_v2 · 2.2 million/);
    await page.getByText(/^It knows nothing yet/).waitFor();
    const [fast, thorough] = [page.getByRole('radio', { name: /^Fast/ }), page.getByRole('radio', { name: /^Thorough/ })]; // prettier-ignore
    expect([await fast.isDisabled(), await thorough.isChecked()]).toEqual([true, true]);
  });

  it('analyses the catalogue; findings lead to their products', async () => {
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('button', { name: 'Analyse the catalogue' }).click();
    const doubts = page.getByRole('region', { name: 'Colours that the pixels contradict' });
    await doubts.getByRole('link').first().waitFor();
    const { products } = catalogueAnalysisSchema.parse(await (await fetch(`${shop.address}/api/v1/analysis`)).json());
    const link = doubts.getByRole('link').first();
    const hash = /photos\/([0-9a-f]{64})/.exec((await link.locator('img').getAttribute('src')) ?? '')?.[1] ?? '';
    expect(await link.getAttribute('href')).toBe(`/catalogue/${products[hash]}`);
    await page.getByText(/Cramér’s V/).waitFor();
    await link.click();
    await page.getByRole('heading', { name: 'Labels' }).waitFor();
  });

  it('hands the catalogue out, and fills a sample in', async () => {
    await page.getByRole('link', { name: 'Import & export' }).click();
    const saved = async (act: () => Promise<void>): Promise<string[]> => {
      const [download] = await Promise.all([page.waitForEvent('download'), act()]);
      return (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    };
    for (const [name, column] of [['CSV', 'jenis_label'], ['Shopify', 'Handle'], ['WooCommerce', 'SKU']] as const) {
      const lines = await saved(() => page.getByRole('link', { name: `Download ${name}` }).click());
      expect(lines[0]).toContain(column);
      expect(lines).toHaveLength(PHOTOS + 1);
    } // prettier-ignore
    const sample = { name: 'sample.csv', mimeType: 'text/csv', buffer: Buffer.from('id,jenis,warna\n3,0,0\n1,0,0\n') };
    const filled = await saved(() => page.getByLabel('Choose the sample').setInputFiles(sample));
    expect(filled.map((line) => line.split(',')[0])).toEqual(['id', '3', '1']);
  });

  it('speaks Indonesian when asked to, and remembers', async () => {
    await page.getByText('ID', { exact: true }).click();
    await page.getByRole('link', { name: 'Katalog', exact: true }).click();
    await page.getByRole('heading', { name: 'Katalog', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Katalog', level: 1 }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('id');
    await page.getByText('EN', { exact: true }).click();
  });

  it('goes dark with the system, or when asked to', async () => {
    await page.goto(`${shop.address}/catalogue`);
    const scheme = () => page.evaluate(() => document.documentElement.dataset['mantineColorScheme']);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(scheme).toBe('dark');
    // Until photos are there, their places have the colour of the page.
    const places = () => page.locator('.product-card .photo').first();
    const ground = () => places().evaluate((place) => getComputedStyle(place).backgroundColor);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/thumbnail', async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await places().waitFor();
    expect(await ground()).not.toBe('rgb(255, 255, 255)');
    release();
    await expect.poll(ground).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: 'Change to light' }).click();
    expect(await scheme()).toBe('light');
  });

  it('needs nothing from elsewhere, and breaks no rule of the server', () => {
    expect(shop.complaints).toEqual([]);
  });
});
