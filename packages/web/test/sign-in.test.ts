/** @file A server that asks for a login, in a browser: nothing is shown before, and nothing after. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium } from '../../vision/test/support/browser.ts';
import { seriousViolations } from './support/axe.ts';
import { openBrowserShop, type BrowserShop } from './support/shop.ts';

describe.skipIf(chromium === undefined)('signing in', () => {
  let shop: BrowserShop;
  beforeAll(async () => {
    shop = await openBrowserShop(10, 'Rini');
  }, 120_000);
  afterAll(() => shop.close(), 60_000);

  it('is asked for first, refuses a wrong token, lets a good one in, and ends when asked to', async () => {
    const page = await shop.open('/catalogue');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    const field = page.getByLabel('Token', { exact: true });
    await field.fill('busana_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await field.fill(shop.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Catalogue', level: 1 }).waitFor();
    expect(await page.getByText('Rini').count()).toBe(1);
    // No script can read what lets it in.
    expect(await page.evaluate(() => document.cookie)).toBe('');
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(shop.complaints).toEqual([]);
  });
});
