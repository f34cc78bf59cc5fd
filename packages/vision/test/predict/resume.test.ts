/** @file A prediction that was stopped goes on to what an uninterrupted one gives, byte for byte, or is refused. */
import { BusanaError } from '@busana/contracts';
import fc from 'fast-check';
import {
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predict, type PredictRequest, type PredictResult } from '../../src/predict/predict.ts';
import { jpeg } from '../support/temporary.ts';
import { tinyModel } from '../support/tiny-model.ts';

const PHOTOS = 200;
let folder: string;
let model: string;
/** What an uninterrupted run writes. */
const whole: Record<'csv' | 'jsonl', Buffer> = { csv: Buffer.alloc(0), jsonl: Buffer.alloc(0) };

type Options = Partial<PredictRequest> & { readonly format?: 'csv' | 'jsonl' };

async function run(name: string, options: Options = {}): Promise<PredictResult & { notices: string[] }> {
  const notices: string[] = [];
  const result = await predict({
    given: [model, join(folder, 'photos')],
    format: 'csv',
    out: join(folder, name),
    threads: 1,
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    onNotice: (line) => notices.push(line),
    ...options,
  });
  return { ...result, notices };
}

/** Stops a run by its signal when so many photos are done. */
async function runUntil(photos: number, name: string, options: Options = {}): Promise<BusanaError> {
  const controller = new AbortController();
  const stop = (done: number): void => (done >= photos ? controller.abort() : undefined);
  const error: unknown = await run(name, { ...options, signal: controller.signal, onProgress: stop }).catch(
    (cause: unknown) => cause,
  );
  if (!(error instanceof BusanaError)) throw new Error('the run was not stopped');
  return error;
}

/** A partial result as a run that is killed leaves it. */
async function leave(name: string, bytes: Uint8Array, origin: string): Promise<void> {
  await writeFile(join(folder, `${name}.partial`), bytes);
  await copyFile(join(folder, `${origin}.partial.json`), join(folder, `${name}.partial.json`));
}

const resultOf = (name: string): Promise<Buffer> => readFile(join(folder, name));
const left = async (name: string): Promise<string[]> =>
  (await readdir(folder)).filter((entry) => entry.startsWith(name)).sort();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-resume-'));
  model = await tinyModel(folder);
  await mkdir(join(folder, 'photos'));
  const pictures = await Promise.all([0, 1, 2, 3, 4].map((number) => jpeg(number)));
  for (let index = 0; index < PHOTOS; index += 1) {
    // A name that csv quotes over two lines, and photos that cannot be read, are among them.
    const name = index === 70 ? 'photo 70, "two\nlines".jpg' : `photo ${index}.jpg`;
    await writeFile(join(folder, 'photos', name), index % 50 === 33 ? 'damaged' : pictures[index % 5]!);
  }
  for (const format of ['csv', 'jsonl'] as const) {
    await run(`whole.${format}`, { format });
    whole[format] = await resultOf(`whole.${format}`);
    await runUntil(1, `origin.${format}`, { format });
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['csv', 'jsonl'] as const)('%s', (format) => {
  it('has a row per photo in natural order, and leaves nothing else', async () => {
    const images = Array.from({ length: PHOTOS }, (_, index) => `photo ${index}`);
    const found = whole[format].toString().match(/photo \d+(?=\.jpg|, )/g);
    expect(found?.filter((name, index) => name !== found[index - 1])).toEqual(images);
    expect(await left(`whole.${format}`)).toEqual([`whole.${format}`]);
  });

  it('goes on after it was stopped, to what an uninterrupted run gives', async () => {
    const name = `stopped.${format}`;
    const error = await runUntil(100, name, { format });
    expect(error).toMatchObject({ code: 'INTERRUPTED', message: 'stopped after 128 photos' });
    expect(error.remedy).toContain('--resume');
    expect(await left(name)).toEqual([`${name}.partial`, `${name}.partial.json`]);
    expect(whole[format].includes(await resultOf(`${name}.partial`))).toBe(true);
    const result = await run(name, { format, resume: true });
    expect(result).toMatchObject({ photos: PHOTOS, resumed: 128, failed: 4 });
    expect(await resultOf(name)).toEqual(whole[format]);
    expect(await left(name)).toEqual([name]);
  });

  it('goes on wherever a kill cut it off, even in the header or in the middle of a row', async () => {
    const name = `killed.${format}`;
    const cuts = fc.oneof(fc.nat(60), fc.nat(whole[format].length), fc.constant(whole[format].length));
    await fc.assert(
      fc.asyncProperty(cuts, async (length) => {
        await leave(name, whole[format].subarray(0, length), `origin.${format}`);
        const { photos, failed, resumed } = await run(name, { format, resume: true });
        expect([photos, failed]).toEqual([PHOTOS, 4]);
        // Batches of 64 whose last row is whole.
        expect(resumed).toBeLessThanOrEqual(192);
        expect(await resultOf(name)).toEqual(whole[format]);
        expect(await left(name)).toEqual([name]);
      }),
      { numRuns: 8 },
    );
  });

  it('answers for no more photos than it must', async () => {
    const name = `tail.${format}`;
    await leave(name, Buffer.concat([whole[format].subarray(0, -1), Buffer.from('torn')]), `origin.${format}`);
    let first: number | undefined;
    const { resumed } = await run(name, { format, resume: true, onProgress: (done) => (first ??= done) });
    expect([resumed, first]).toEqual([192, PHOTOS]);
  });
});

describe('--resume', () => {
  it('begins where there is nothing to go on with, and a killed start is nothing', async () => {
    expect(await run('new.csv', { resume: true })).toMatchObject({ photos: PHOTOS, resumed: 0 });
    await copyFile(join(folder, 'origin.csv.partial.json'), join(folder, 'header.csv.partial.json'));
    expect(await run('header.csv', { resume: true })).toMatchObject({ photos: PHOTOS, resumed: 0 });
    await leave('header.csv', whole.csv.subarray(0, 9), 'origin.csv');
    expect(await run('header.csv', { resume: true })).toMatchObject({ photos: PHOTOS, resumed: 0 });
    for (const name of ['new.csv', 'header.csv']) {
      expect(await resultOf(name)).toEqual(whole.csv);
      expect(await left(name)).toEqual([name]);
    }
  });

  it('needs a file, and no submission', async () => {
    const request = { given: [model, 'x.jpg'], stdin: Readable.from([]), stdout: new PassThrough(), resume: true };
    for (const [where, why] of [
      [{ format: 'csv' }, /no --out/],
      [{ format: 'submission', out: join(folder, 's.csv') }, /submission/],
    ] as const) {
      await expect(predict({ ...request, ...where })).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringMatching(why) as string,
      });
    }
  });

  it('refuses another model, form, mirrored view or list of sources, and touches nothing', async () => {
    const other = await tinyModel(folder, 1);
    await runUntil(100, 'other.csv');
    const before = await resultOf('other.csv.partial');
    const photos = join(folder, 'photos');
    const cases: readonly (readonly [Options, RegExp])[] = [
      [{ given: [other, photos] }, /another model/],
      [{ given: [photos], ensemble: [model, other] }, /another model/],
      [{ mirror: true }, /another model/],
      [{ format: 'jsonl' }, /it is csv, not jsonl/],
      [{ given: [model, photos, photos] }, /other sources/],
    ];
    for (const [options, message] of cases) {
      await expect(run('other.csv', { ...options, resume: true })).rejects.toMatchObject({
        code: 'RESUME_IMPOSSIBLE',
        message: expect.stringMatching(message) as string,
        remedy: expect.stringContaining('without --resume') as string,
      });
      expect(await resultOf('other.csv.partial')).toEqual(before);
    }
    await copyFile(join(model, 'model.onnx'), join(folder, 'moved.onnx'));
    await run('other.csv', { given: [join(folder, 'moved.onnx'), photos], resume: true });
    expect(await resultOf('other.csv')).toEqual(whole.csv);
  });

  it('refuses when the sources list other photos by now, naming the row', async () => {
    const photos = join(folder, 'changing');
    await mkdir(photos);
    for (let index = 0; index < PHOTOS; index += 1)
      await link(join(folder, 'photos', `photo ${index % 30}.jpg`), join(photos, `${index}.jpg`));
    const given = [model, photos];
    await runUntil(100, 'changed.csv', { given });
    const refused = async (why: RegExp): Promise<void> => {
      await expect(run('changed.csv', { given, resume: true })).rejects.toMatchObject({
        code: 'RESUME_IMPOSSIBLE',
        message: expect.stringMatching(why) as string,
      });
    };
    await rename(join(photos, '64.jpg'), join(photos, '199b.jpg'));
    await refused(/row 65 is of .*64\.jpg, where the sources list .*65\.jpg$/);
    await rename(join(photos, '199b.jpg'), join(photos, '64.jpg'));
    await mkdir(join(folder, 'aside'));
    for (let index = 100; index < PHOTOS; index += 1)
      await rename(join(photos, `${index}.jpg`), join(folder, 'aside', `${index}.jpg`));
    await refused(/more rows than the sources have photos: 100$/);
    for (let index = 100; index < PHOTOS; index += 1)
      await rename(join(folder, 'aside', `${index}.jpg`), join(photos, `${index}.jpg`));
    // What comes after the rows may change: it is not read yet.
    await link(join(photos, '0.jpg'), join(photos, '200.jpg'));
    expect(await run('changed.csv', { given, resume: true })).toMatchObject({ photos: PHOTOS + 1, resumed: 128 });
  });

  it('refuses rows that nobody knows the origin of, and rows that are none', async () => {
    const refused = (why: RegExp): Promise<void> =>
      expect(run('odd.csv', { resume: true })).rejects.toMatchObject({
        code: 'RESUME_IMPOSSIBLE',
        message: expect.stringMatching(why) as string,
      });
    await writeFile(join(folder, 'odd.csv.partial'), whole.csv);
    await refused(/partial\.json, which says what it was made of, is missing/);
    await writeFile(join(folder, 'odd.csv.partial.json'), '{"version":1,"model":');
    await refused(/is damaged/);
    const lines = whole.csv.toString().split('\n');
    await leave('odd.csv', Buffer.from(lines.with(3, '\0\0\0').join('\n')), 'origin.csv');
    await refused(/row 3 is damaged/);
    await leave('odd.csv', Buffer.from(lines.with(0, 'image,colour').join('\n')), 'origin.csv');
    await refused(/other columns/);
  });

  it('goes on with a list on stdin', async () => {
    const names = Array.from({ length: PHOTOS }, (_, index) => join(folder, 'photos', `photo ${index % 60}.jpg`));
    const given = [model, '-'];
    const list = () => Readable.from([names.join('\n')]);
    await run('list.csv', { given, stdin: list() });
    const expected = await resultOf('list.csv');
    await runUntil(64, 'list-2.csv', { given, stdin: list() });
    const totals = new Set<number | undefined>();
    const onProgress = (_: number, total: number | undefined): unknown => totals.add(total);
    expect(await run('list-2.csv', { given, stdin: list(), resume: true, onProgress })).toMatchObject({ resumed: 64 });
    expect(await resultOf('list-2.csv')).toEqual(expected);
    expect([...totals]).toEqual([undefined]);
  });

  it('keeps what a list had brought before its wrong line', async () => {
    const names = Array.from({ length: 70 }, (_, index) => join(folder, 'photos', `photo ${index % 60}.jpg`));
    const list = (...last: string[]) => ({
      given: [model, '-'],
      stdin: Readable.from([[...names, ...last].join('\n')]),
    });
    await expect(run('wrong.csv', list('nothing/*.jpg'))).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
    expect(await run('wrong.csv', { ...list(), resume: true })).toMatchObject({ photos: 70, resumed: 64 });
  });
});

describe('without --resume', () => {
  it('starts over and says that a part was there', async () => {
    await runUntil(100, 'again.csv');
    const { resumed, notices } = await run('again.csv');
    expect(resumed).toBe(0);
    expect(notices).toEqual([expect.stringMatching(/again\.csv\.partial.*starts over, --resume/)]);
    expect(await resultOf('again.csv')).toEqual(whole.csv);
    expect(await left('again.csv')).toEqual(['again.csv']);
  });

  it('keeps an earlier result until the new one is whole', async () => {
    await writeFile(join(folder, 'kept.csv'), 'yesterday');
    await runUntil(100, 'kept.csv');
    expect((await resultOf('kept.csv')).toString()).toBe('yesterday');
  });

  it('never mixes two runs that write the same file: the later one has it', async () => {
    let second: Promise<unknown> | undefined;
    const first = run('same.csv', {
      onProgress: (done) => {
        if (done === 64) second = run('same.csv');
      },
    });
    await expect(first).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE', message: /another run/ as unknown });
    await second;
    expect(await resultOf('same.csv')).toEqual(whole.csv);
  });

  it('refuses a folder that is not there before any work', async () => {
    let done = 0;
    const progress = { onProgress: () => (done += 1) };
    await expect(run('no/such/p.csv', progress)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(done).toBe(0);
    await expect(stat(join(folder, 'no'))).rejects.toThrow('ENOENT');
  });
});

describe('a part whose end was lost', () => {
  it('is of whole batches after it was cut', async () => {
    await leave('cut.csv', whole.csv, 'origin.csv');
    await truncate(join(folder, 'cut.csv.partial'), whole.csv.length - 1);
    const controller = new AbortController();
    controller.abort();
    await expect(run('cut.csv', { resume: true, signal: controller.signal })).rejects.toMatchObject({
      message: 'stopped after 192 photos',
    });
    const rows = (await resultOf('cut.csv.partial')).toString();
    expect(whole.csv.toString().startsWith(rows)).toBe(true);
    expect(rows.endsWith('\n')).toBe(true);
  });
});
