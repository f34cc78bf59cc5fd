import { BusanaError } from '@busana/contracts';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { intervalsChart } from '../../src/report/charts/intervals.ts';
import { renderPng } from '../../src/report/png.ts';
import { renderReport, writeReport } from '../../src/report/report.ts';
import { writeChart } from '../../src/report/write-chart.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

const chart = intervalsChart({
  title: 'EMR of the arms',
  measure: 'EMR',
  bars: [{ name: 'separate', value: 0.5, low: 0.4, high: 0.6, n: 90 }],
});

describe('a chart on disk', () => {
  it('is a picture, a sharp picture and its numbers', async () => {
    await writeChart(join(folder, 'plots'), 'emr', chart);
    expect((await readdir(join(folder, 'plots'))).sort()).toEqual(['emr.json', 'emr.png', 'emr.svg']);
    const { width, height, format } = await sharp(join(folder, 'plots/emr.png')).metadata();
    expect({ width, height, format }).toEqual({ width: 1440, height: chart.height * 2, format: 'png' });
    const numbers: unknown = JSON.parse(await readFile(join(folder, 'plots/emr.json'), 'utf8'));
    expect(numbers).toMatchObject({ title: 'EMR of the arms', bars: [{ name: 'separate', value: 0.5 }] });
  });

  it('that cannot be written is reported with its path', async () => {
    await writeFile(join(folder, 'taken'), '');
    const failure = writeChart(join(folder, 'taken'), 'emr', chart);
    await expect(failure).rejects.toThrow(BusanaError);
    await expect(failure).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
      message: expect.stringContaining('taken') as string,
    });
  });
});

describe('text in pictures', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="5" y="30" font-family="Inter" font-size="24">EMR 0.63</text></svg>';

  it('is drawn the same on a machine without fonts, after photos were decoded', async () => {
    const script = `
      import sharp from 'sharp';
      import { renderPng } from './src/report/png.ts';
      const jpeg = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).jpeg().toBuffer();
      await sharp(jpeg).resize(3).raw().toBuffer();
      process.stdout.write((await renderPng(${JSON.stringify(svg)})).toString('base64'));`;
    const noFonts = join(folder, 'fonts.conf');
    await writeFile(noFonts, '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>');
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)), env: { ...process.env, FONTCONFIG_FILE: noFonts } },
    );
    expect(stderr).toBe('');
    const elsewhere = await sharp(Buffer.from(stdout, 'base64')).greyscale().raw().toBuffer();
    const here = await sharp(await renderPng(svg))
      .greyscale()
      .raw()
      .toBuffer();
    expect(elsewhere.equals(here)).toBe(true);
    const { channels } = await sharp(Buffer.from(stdout, 'base64')).stats();
    expect(channels.at(-1)!.max).toBe(255);
  });
});

describe('a report', async () => {
  const nasty = '<img src=x onerror="alert(1)">&\'';
  const jpeg = Buffer.from('not really a picture');
  const html = await renderReport({
    title: nasty,
    lead: nasty,
    sections: [
      {
        title: nasty,
        blocks: [
          { kind: 'text', text: nasty },
          { kind: 'numbers', numbers: [{ label: nasty, value: nasty, note: nasty }] },
          { kind: 'table', header: [nasty, 'n'], rows: [[nasty, '1,024']], caption: nasty },
          { kind: 'pictures', pictures: [{ jpeg, caption: nasty }] },
          { kind: 'chart', chart: { ...chart, title: nasty } },
        ],
      },
    ],
  });

  it('shows text and never interprets it', () => {
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain('onerror="');
    expect(html.match(/&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;&amp;&#39;/g)!.length).toBeGreaterThanOrEqual(
      11,
    );
  });

  it('needs nothing from elsewhere and runs nothing but its own script', () => {
    expect(html).not.toMatch(/<link|@import|(src|href)="(?!data:)/);
    const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script!);
    expect(scripts).toHaveLength(html.split('<script').length - 1);
    const allowed = scripts.map((script) => `sha256-${createHash('sha256').update(script).digest('base64')}`);
    expect(html).toContain(`script-src &#39;${allowed[0]}&#39;"`);
    expect(allowed).toHaveLength(1);
    const addresses = [...html.matchAll(/https?:\/\/[^"'\s<)]+/g)].map(([address]) => address);
    expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).toContain(`src="data:image/jpeg;base64,${jpeg.toString('base64')}"`);
  });

  it('sets columns of numbers flush right, and follows the theme of the reader', () => {
    expect(html).toContain('<td class="number">1,024</td>');
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain('name="viewport"');
  });

  it('folds long tables away', async () => {
    const table = (length: number) => {
      const rows = Array.from({ length }, (_, row) => [String(row)]);
      return renderReport({ title: '', sections: [{ title: '', blocks: [{ kind: 'table', header: ['row'], rows, caption: 'many' }] }] }); // prettier-ignore
    };
    expect(await table(31)).toContain('<summary>many (31 rows)</summary>');
    expect(await table(30)).not.toContain('<details>');
  });

  it('is written whole, folder included', async () => {
    const file = join(folder, 'run', 'report.html');
    await writeReport(file, { title: 'run', sections: [] });
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(await readdir(join(folder, 'run'))).toEqual(['report.html']);
    await expect(writeReport(join(file, 'x.html'), { title: 'run', sections: [] })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
  });
});
