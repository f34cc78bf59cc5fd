/** @file The example in a real Chromium: its answers beside the server's. */
import { openPhotoReader } from '@busana/vision';
import { ok } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { chromium, openBrowser } from '../../../packages/vision/test/support/browser.ts';
import type { Place } from './place.ts';

/** How far probabilities may be from the server's. */
const TOLERANCE = 1e-4;
/**
 * The photo that is more than four times the network's input in both directions. The server has a JPEG of that size decoded at
 * half its size, for a quarter of the time, which no browser offers: these pixels are not the same.
 */
export const LARGE_JPEG = 'phone.jpg';
const LARGE_TOLERANCE = 1e-2;

const datasetSchema = z.object({ golden: z.string().min(1), provider: z.string() });
const probabilitiesSchema = z.array(z.array(z.number()));
const probabilities = `[...document.querySelectorAll('li')].map((item) => JSON.parse(item.dataset.probabilities))`;

export async function inBrowser(place: Place, photos: string): Promise<void> {
  if (chromium === undefined) {
    console.log('          SKIPPED: there is no Chromium on the search path');
    return;
  }
  await place.serving('server.js', async (address) => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(`${address}/`) && !/^(blob|data):/.test(url)) complaints.push(`asks ${url}`);
      });
      await page.goto(address);
      await page.waitForSelector('input:enabled');
      const { golden, provider } = datasetSchema.parse(await page.evaluate('({ ...document.body.dataset })'));
      console.log(
        `          ${browser.version()}, ${provider}; test picture: apart by ${Number(golden).toExponential(1)}`,
      );
      ok(Number(golden) <= TOLERANCE, `the test picture is answered ${golden} apart`);
      await comparePhotos(page, photos);
      ok(complaints.length === 0, complaints.join('; '));
    } finally {
      await browser.close();
    }
  });
}

/** Every photo of a folder, read by the page and by the server's own library. */
async function comparePhotos(page: Page, folder: string): Promise<void> {
  const reader = await openPhotoReader();
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const { status, attributes } = await reader.read(await readFile(path), name);
    await page.setInputFiles('input', path);
    await page.getByRole('status').filter({ hasText: name }).waitFor();
    const found = probabilitiesSchema.parse(await page.evaluate(probabilities));
    if (status === 'error') {
      ok(found.length === 0, `${name} is read in the browser`);
      continue;
    }
    const expected = attributes.map(({ probabilities }) => Object.values(probabilities));
    const apart = Math.max(...expected.flatMap((row, at) => row.map((value, k) => Math.abs(value - found[at]![k]!))));
    console.log(`          ${name}: apart by ${apart.toExponential(1)}`);
    ok(apart <= (name === LARGE_JPEG ? LARGE_TOLERANCE : TOLERANCE), `${name} is answered ${apart} apart`);
  }
  await reader.release();
}
