import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloadVerified } from '../../src/weights/pull.ts';
import { folderWith } from '../support/temporary.ts';
import { serve } from './server.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');
const CUT = 100_000;

function source(address: string, changes: { sha256?: string; bytes?: number } = {}) {
  return { name: 'tiny', address: `${address}/tiny.pth`, sha256: sha256.slice(0, 8), licence: 'MIT', ...changes };
}

const rest = (range: string | undefined): number => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);

describe('a download of weights', () => {
  it('arrives whole, under its name, with progress to the last byte', async () => {
    const address = await serve((_, response) => response.setHeader('content-length', content.length).end(content));
    const file = join(await folderWith(), 'deep', 'tiny.pth');
    const seen: [number, number][] = [];
    const onProgress = (done: number, total: number): number => seen.push([done, total]);
    const result = await downloadVerified(source(address), file, { onProgress });
    expect(result).toEqual({ name: 'tiny', file, bytes: 300_000, sha256, licence: 'MIT', downloaded: true });
    expect(content.equals(await readFile(file))).toBe(true);
    expect(await readdir(join(file, '..'))).toEqual(['tiny.pth']);
    expect(seen.at(-1)).toEqual([300_000, 300_000]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((a, b) => a - b));
  });

  it('goes on where a cut connection stopped, and asks only for the rest', async () => {
    const ranges: (string | undefined)[] = [];
    const address = await serve((request, response) => {
      ranges.push(request.headers.range);
      const start = rest(request.headers.range);
      if (ranges.length === 1) {
        response.setHeader('content-length', content.length);
        response.write(content.subarray(0, CUT), () => setTimeout(() => response.destroy(), 50));
        return;
      }
      response.writeHead(206, { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` });
      response.end(content.subarray(start));
    });
    const file = join(await folderWith(), 'tiny.pth');
    await expect(downloadVerified(source(address), file)).rejects.toMatchObject({ code: 'WEIGHTS_UNAVAILABLE' });
    const { length } = await readFile(`${file}.part`);
    expect(length).toBeGreaterThan(0);
    await downloadVerified(source(address), file);
    expect(ranges).toEqual([undefined, `bytes=${length}-`]);
    expect(content.equals(await readFile(file))).toBe(true);
  });

  it('starts anew when the server ignores the range', async () => {
    const address = await serve((_, response) => response.end(content));
    const folder = await folderWith({ 'tiny.pth.part': content.subarray(0, CUT) });
    const { bytes } = await downloadVerified(source(address), join(folder, 'tiny.pth'));
    expect(bytes).toBe(300_000);
    expect(content.equals(await readFile(join(folder, 'tiny.pth')))).toBe(true);
  });

  it('starts anew when the part is longer than the file', async () => {
    const address = await serve((request, response) => {
      if (request.headers.range === undefined) response.end(content);
      else response.writeHead(416).end();
    });
    const folder = await folderWith({ 'tiny.pth.part': Buffer.concat([content, content]) });
    expect((await downloadVerified(source(address), join(folder, 'tiny.pth'))).bytes).toBe(300_000);
  });

  it('needs no server for a part that is complete, nor for a file that is there', async () => {
    const nowhere = source('http://127.0.0.1:1');
    const folder = await folderWith({ 'tiny.pth.part': content });
    const file = join(folder, 'tiny.pth');
    expect(await downloadVerified(nowhere, file)).toMatchObject({ bytes: 300_000, downloaded: true });
    expect(await downloadVerified(nowhere, file)).toMatchObject({ bytes: 300_000, downloaded: false });
    await writeFile(file, 'something else');
    await expect(downloadVerified(nowhere, file)).rejects.toMatchObject({ code: 'WEIGHTS_INVALID' });
    expect(await readFile(file, 'utf8')).toBe('something else');
  });

  it('refuses a wrong hash and a wrong size, and leaves nothing', async () => {
    const address = await serve((_, response) => response.end(content));
    const folder = await folderWith();
    for (const changes of [{ sha256: '00000000' }, { bytes: 299_999 }, { bytes: 300_001 }]) {
      const pull = downloadVerified(source(address, changes), join(folder, 'tiny.pth'));
      await expect(pull).rejects.toMatchObject({ code: 'WEIGHTS_INVALID' });
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('says what the server answers, or that there is none, and where to put the file by hand', async () => {
    const address = await serve((_, response) => response.writeHead(404).end('no such file'));
    const file = join(await folderWith(), 'tiny.pth');
    const remedy = (from: string): unknown =>
      expect.stringContaining(`fetch ${from}/tiny.pth elsewhere and save it as ${file}`);
    await expect(downloadVerified(source(address), file)).rejects.toMatchObject({
      code: 'WEIGHTS_UNAVAILABLE',
      message: `${address}/tiny.pth: the server answers 404`,
      remedy: remedy(address),
    });
    const nowhere = 'http://127.0.0.1:1';
    await expect(downloadVerified(source(nowhere), file)).rejects.toMatchObject({
      code: 'WEIGHTS_UNAVAILABLE',
      message: expect.stringMatching(/tiny\.pth: it cannot be fetched \(.+\)$/) as unknown,
      remedy: remedy(nowhere),
    });
  });

  it('gives up on a server that falls silent, and at once when interrupted', async () => {
    const address = await serve((_, response) => response.write(content.subarray(0, CUT)));
    const file = join(await folderWith(), 'tiny.pth');
    await expect(downloadVerified(source(address), file, { stallSeconds: 0.2 })).rejects.toMatchObject({
      code: 'WEIGHTS_UNAVAILABLE',
      message: expect.stringContaining('nothing came for 0.2 seconds') as unknown,
    });
    const interrupted = downloadVerified(source(address), file, { signal: AbortSignal.timeout(100) });
    await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
