/** @file The pages as files: made once, complete, and with everything inside. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { site } from '../build/index.ts';

describe('the pages', () => {
  it('are made once for the same sources, and have no script or style inside the document', async () => {
    const [folder, ...others] = await Promise.all([site(), site()]);
    expect(others).toEqual([folder]);
    const document = await readFile(join(folder, 'index.html'), 'utf8');
    expect(document).toMatch(/<script type="module" [^>]*src="\/assets\/[\w.-]+\.js"><\/script>/);
    expect(document).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=/);
    const made = (await stat(join(folder, 'index.html'))).mtimeMs;
    expect(await site()).toBe(folder);
    expect((await stat(join(folder, 'index.html'))).mtimeMs).toBe(made);
  });

  it('load each page when it is opened, and name nothing elsewhere', async () => {
    const assets = join(await site(), 'assets');
    const names = await readdir(assets);
    expect(names.filter((name) => /^page-.*\.js$/.test(name)).length).toBeGreaterThanOrEqual(9);
    expect(names.some((name) => name.endsWith('.woff2'))).toBe(true);
    for (const name of names.filter((name) => name.endsWith('.css'))) {
      expect(await readFile(join(assets, name), 'utf8')).not.toMatch(/url\(["']?https?:|@import/);
    }
  });
});
