/** @file No page keeps anybody out: axe finds no serious violation, in both themes, on a desktop and on a phone. */
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium } from '../../vision/test/support/browser.ts';
import { seriousViolations } from './support/axe.ts';
import { importPhotos, openBrowserShop, type BrowserShop } from './support/shop.ts';

const pages = [
  '/',
  '/catalogue',
  '/catalogue/1',
  '/review',
  '/train',
  '/models',
  '/data',
  '/transfer',
  '/jobs',
  '/window',
  '/none',
];
const phone = { width: 390, height: 844 };

describe.skipIf(chromium === undefined)('every page', () => {
  let shop: BrowserShop;
  beforeAll(async () => {
    shop = await openBrowserShop(24);
    await importPhotos(shop, dirname(shop.photos[0]!));
  }, 120_000);
  afterAll(() => shop.close(), 60_000);

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    let open: (path: string) => Promise<Page>;
    beforeAll(async () => {
      open = await shop.browse({ colorScheme });
    });

    it.each(pages)('%s', async (path) => {
      const page = await open(path);
      await page
        .getByRole('heading', { level: 1 })
        .or(page.getByRole('heading', { level: 2 }))
        .first()
        .waitFor();
      await page.waitForLoadState('networkidle');
      expect(await seriousViolations(page)).toEqual([]);
      await page.setViewportSize(phone);
      // Nothing is cut off at the side, once the page has found its new shape.
      const width = () => page.evaluate(() => document.documentElement.scrollWidth);
      await expect.poll(width).toBeLessThanOrEqual(phone.width);
      await page.close();
    });

    it('a photo with its answer, the stock, many products selected', async () => {
      const page = await open('/');
      await page.getByTestId('files').setInputFiles(shop.photos[0]!);
      await page.getByTestId('phrase').waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await page.getByRole('link', { name: 'Catalogue', exact: true }).click();
      await page
        .getByRole('checkbox', { name: /^Select/ })
        .first()
        .check();
      await page.getByRole('button', { name: /^Apply to/ }).waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await page.getByText('Stock', { exact: true }).click();
      await page.getByRole('table').waitFor();
      expect(await seriousViolations(page)).toEqual([]);
      await page.context().close();
    });
  });
});
