import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curvesChart } from '../../src/report/charts/curves.ts';
import { confusionChart } from '../../src/report/charts/tables.ts';
import { writeReport } from '../../src/report/report.ts';
import { chromium, openBrowser } from '../support/browser.ts';

const wide = Array.from({ length: 12 }, (_, column) => `column number ${column}`);

/** A name without a place to break, and a sentence that has many. */
const long = 'photo_'.repeat(30);
const words = 'no part of this sentence is needed. '.repeat(12);

describe.skipIf(chromium === undefined)('a report in a browser', () => {
  let [folder, browser]: [string, Browser | undefined] = ['', undefined];
  let page: Page;
  const problems: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busana-browser-'));
    const file = join(folder, 'report.html');
    const jpeg = await sharp({ create: { width: 96, height: 96, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const confusion = confusionChart({ title: 'Confusion', labels: ['kaos', 'hoodie'], counts: [[3, 1], [0, 5]] }); // prettier-ignore
    const curves = curvesChart({ title: 'EMR', metric: 'EMR', percent: true, curves: [{ name: 'a', epochs: [[0.5, 0.7]] }] }); // prettier-ignore
    await writeReport(file, {
      title: 'Report',
      sections: [
        {
          title: 'Charts',
          blocks: [
            { kind: 'chart', chart: confusion },
            { kind: 'chart', chart: curves },
          ],
        },
        { title: 'Arms', blocks: [{ kind: 'table', header: ['arm', 'photos'], rows: [['b10', '9'], ['b9', '1,024'], ['a', '']] }] }, // prettier-ignore
        { title: 'Wide', blocks: [{ kind: 'table', caption: 'all columns', header: wide, rows: [wide] }] },
        { title: 'Long', blocks: [{ kind: 'text', text: long }, { kind: 'table', caption: `${long} ${words}`, header: ['reason', 'n'], rows: Array.from({ length: 31 }, () => [words, '1']) }] }, // prettier-ignore
        { title: 'Pictures', blocks: [{ kind: 'pictures', pictures: [{ jpeg, caption: long }] }] },
        { title: 'Figures', blocks: [{ kind: 'numbers', numbers: [{ label: long, value: '1', note: words }] }] },
      ],
    });
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('loads itself and nothing else, without a complaint', () => {
    expect(requests.filter((address) => !address.startsWith('data:'))).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('sorts a table by any column, up and down, by number where it holds numbers', async () => {
    const column = (index: number) => page.locator('table').first().locator(`tbody td:nth-child(${index})`).allTextContents(); // prettier-ignore
    const head = (name: string) => page.getByRole('button', { name });
    await head('arm').click();
    expect(await column(1)).toEqual(['a', 'b9', 'b10']);
    await head('photos').click();
    expect(await column(2)).toEqual(['9', '1,024', '']);
    await head('photos').press('Enter');
    expect(await column(2)).toEqual(['', '1,024', '9']);
    expect(await page.locator('th').nth(1).getAttribute('aria-sort')).toBe('descending');
    expect(await page.locator('th').first().getAttribute('aria-sort')).toBeNull();
  });

  it('says the numbers of a mark that is pointed at, and nothing elsewhere', async () => {
    await page.setViewportSize({ width: 900, height: 1600 });
    const tip = page.getByRole('status');
    const texts = new Set<string>();
    for (const mark of await page.locator('.chart path:not([fill=none])').all()) {
      const box = (await mark.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      if (await tip.isVisible()) texts.add(await tip.innerText());
    }
    const cells = ['kaos read as kaos: 3 of 4', 'kaos read as hoodie: 1 of 4', 'hoodie read as kaos: 0 of 5'];
    expect([...texts]).toEqual(expect.arrayContaining([...cells, 'a, epoch 1: 60 % (50 % to 70 %)']));
    await page.mouse.move(1, 1);
    expect(await tip.isVisible()).toBe(false);
  });

  it.each([
    ['a phone', 390],
    ['a desk', 1280],
  ])('fits %s, light and dark: what is wide scrolls within its own frame', async (_, width) => {
    await page.setViewportSize({ width, height: 844 });
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
    expect(problems).toEqual([]);
  });

  it('keeps the caption of a wide table in sight on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const frame = page.locator('.table').filter({ hasText: 'all columns' });
    await page.evaluate("document.querySelectorAll('.table').forEach((one) => { one.scrollLeft = 600; })");
    const box = (await frame.locator('caption span').boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
  });
});
