import { mkdir, readdir, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hashOf } from '../../src/hash.ts';
import { freeBytes, removeOldest } from '../../src/records/limit.ts';
import { RecordCache } from '../../src/records/record-cache.ts';
import { readRecord, Segment } from '../../src/records/segment.ts';
import { folderWith } from '../support/temporary.ts';

vi.mock(import('../../src/records/limit.ts'), async (original) => {
  const module = await original();
  return { ...module, freeBytes: vi.fn(module.freeBytes) };
});

const LENGTH = 100;
const key = (number: number): string => hashOf([String(number)]);
const record = (number: number): Uint8Array => new Uint8Array(LENGTH).fill(number);

function openIn(folder: string, numbers: readonly number[], onNotice?: (message: string) => void) {
  const options = { folder, length: LENGTH, what: 'numbers', ...(onNotice && { onNotice }) };
  return RecordCache.open(options, numbers.map(key));
}

/** A segment with these records. */
async function fill(folder: string, numbers: readonly number[]): Promise<void> {
  const cache = await openIn(folder, numbers);
  for (const number of numbers) await cache.put(key(number), record(number));
  await cache.release();
}

async function contentOf(cache: RecordCache, number: number): Promise<Uint8Array | undefined> {
  const place = cache.find(key(number));
  const into = new Uint8Array(LENGTH);
  return Promise.resolve(place !== undefined && readRecord(place, into) ? into : undefined);
}

describe('RecordCache', () => {
  it('finds the records of every earlier segment, the newest of each key', async () => {
    const folder = join(await folderWith(), 'kind');
    await fill(folder, [1, 2]);
    await fill(folder, [3]);
    const cache = await openIn(folder, [1, 2, 3, 4]);
    expect(await Promise.all([1, 2, 3, 4].map((number) => contentOf(cache, number)))).toEqual([
      record(1),
      record(2),
      record(3),
      undefined,
    ]);
    await cache.put(key(2), record(22));
    await cache.release();
    const again = await openIn(folder, [2]);
    expect(await contentOf(again, 2)).toEqual(record(22));
    await again.release();
  });

  it('does not hold what a run does not use', async () => {
    const folder = join(await folderWith(), 'kind');
    await fill(folder, [1]);
    await fill(folder, [2]);
    const cache = await openIn(folder, [2, 5]);
    expect([1, 2, 5].map((number) => cache.find(key(number)) !== undefined)).toEqual([false, true, false]);
    expect(await contentOf(cache, 2)).toEqual(record(2));
    await cache.release();
  });

  it('does not give out what is cut off or changed', async () => {
    const folder = join(await folderWith(), 'kind');
    await fill(folder, [1, 2]);
    const [name] = (await readdir(folder)).filter((file) => file.endsWith('.records'));
    await truncate(join(folder, name!), LENGTH + 50);
    const cache = await openIn(folder, [1, 2]);
    expect(await contentOf(cache, 1)).toEqual(record(1));
    expect(await contentOf(cache, 2)).toBeUndefined();
    await cache.release();
  });

  it('writes no file before there is a record', async () => {
    const root = await folderWith();
    const cache = await openIn(join(root, 'kind'), [1]);
    await cache.release();
    expect(await readdir(root, { recursive: true })).toEqual(['kind']);
  });
});

describe('a full disk', () => {
  afterEach(() => vi.restoreAllMocks());

  const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  it('is left for the temporary folder in the middle of a run, which keeps what it has', async () => {
    const folder = join(await folderWith(), 'kind');
    const notices: string[] = [];
    const cache = await openIn(folder, [1, 2, 3], (message) => notices.push(message));
    await cache.put(key(1), record(1));
    vi.spyOn(Segment.prototype, 'append').mockRejectedValueOnce(full()).mockRejectedValueOnce(full());
    await Promise.all([cache.put(key(2), record(2)), cache.put(key(3), record(3))]);
    for (const number of [1, 2, 3]) expect(await contentOf(cache, number)).toEqual(record(number));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('no space left');
    await cache.release();
    const kept = await openIn(folder, [1, 2, 3]);
    expect([1, 2, 3].map((number) => kept.find(key(number)) !== undefined)).toEqual([true, false, false]);
    await kept.release();
  });

  it('is an error with a remedy when the temporary folder is full too', async () => {
    const cache = await openIn(join(await folderWith(), 'kind'), [1]);
    vi.spyOn(Segment.prototype, 'append').mockRejectedValue(full());
    const failure = cache.put(key(1), record(1));
    await expect(failure).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE', remedy: /--cache/ });
    await expect(failure).rejects.toThrow(/^numbers: .*the disk is full/);
    await cache.release();
  });

  it('is told before anything is written', async () => {
    vi.mocked(freeBytes).mockResolvedValue(2 * LENGTH);
    const folder = join(await folderWith(), 'kind');
    await (await openIn(folder, [1])).release();
    await expect(openIn(folder, [1, 2, 3])).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  });
});

describe('removeOldest', () => {
  it('removes what was used longest ago, across kinds, until the rest fits; never what is in use', async () => {
    const root = await folderWith();
    const place = async (name: string, age: number): Promise<string> => {
      const path = join(root, name);
      await mkdir(join(path, '..'), { recursive: true });
      for (const end of ['.records', '.keys']) await writeFile(path + end, Buffer.alloc(end === '.records' ? 400 : 40));
      const time = new Date(Date.now() - age * 1000);
      await utimes(`${path}.records`, time, time);
      return path;
    };
    const oldest = await place('a/oldest', 30);
    await place('b/older', 20);
    await place('a/newest', 10);
    const left = async (): Promise<string[]> =>
      (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.records')).sort();
    await removeOldest(root, { adding: 100, used: new Set(), limit: 1300 });
    expect(await left()).toHaveLength(3);
    await removeOldest(root, { adding: 101, used: new Set([oldest]), limit: 1300 });
    expect(await left()).toEqual(['a/newest.records', 'a/oldest.records']);
    await expect(stat(join(root, 'b/older.keys'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
