/** @file Every example, as somebody runs it who has copied its folder. */
import { deepStrictEqual as equal, ok } from 'node:assert';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { inBrowser, LARGE_JPEG } from './in-browser.ts';
import type { Place } from './place.ts';

const examples = resolve(import.meta.dirname, '../../../examples');
const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()) });
const predictionSchema = z.object({
  status: z.enum(['accept', 'review', 'unknown']),
  attributes: z.array(z.object({ name: z.string(), label: z.string() })).length(2),
});

/**
 * Copies the examples into a place where the packages are installed, and installs what else they need.
 * @returns each with its check; all have to be run in this order
 */
export async function prepareExamples(place: Place): Promise<{ name: string; run: () => Promise<void> }[]> {
  const folder = join(place.folder, 'examples');
  await cp(examples, folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const foreign = new Set(['@types/express']);
  for (const { name } of names) {
    const { dependencies } = manifestSchema.parse(
      JSON.parse(await readFile(join(folder, name, 'package.json'), 'utf8')),
    );
    for (const [needed, version] of Object.entries(dependencies))
      if (!needed.startsWith('@busana/')) foreign.add(`${needed}@${version}`);
  }
  await place.add([...foreign]);
  await place.tsc(['--project', folder]);
  await mkdir(join(folder, 'photos'));
  // Larger and smaller than the network's input, with and without losses, and a file that is no photo.
  const photo = await readFile(join(place.folder, 'photo.jpg'));
  const sized = (width: number, height: number) => sharp(photo).resize(width, height, { fit: 'fill' });
  await writeFile(join(folder, 'photos', 'large.png'), await sized(700, 560).png().toBuffer());
  await writeFile(join(folder, 'photos', LARGE_JPEG), await sized(1600, 1200).jpeg().toBuffer());
  await writeFile(join(folder, 'photos', 'photo.jpg'), photo);
  await writeFile(join(folder, 'photos', 'small.png'), await sized(90, 130).png().toBuffer());
  await writeFile(join(folder, 'photos', 'tall.jpg'), await sized(800, 1400).jpeg().toBuffer());
  await writeFile(join(folder, 'photos', 'wide.png'), await sized(600, 120).png().toBuffer());
  await writeFile(join(folder, 'photos', 'words.jpg'), 'no photo');
  const at = (name: string): Place => place.within(join('examples', name));
  const checks: Readonly<Record<string, (place: Place) => Promise<void>>> = {
    batch,
    browser: (place) => inBrowser(place, join(folder, 'photos')),
    express: server,
    fastify: server,
    train,
    'upload-route': uploadRoute,
  };
  equal(names.map(({ name }) => name).sort(), Object.keys(checks), 'every example is run');
  return Object.entries(checks).map(([name, run]) => ({ name: `examples/${name}`, run: () => run(at(name)) }));
}

async function batch(place: Place): Promise<void> {
  const printed = await place.run('node', ['batch.ts', '../photos']);
  const lines = printed.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
  equal(lines.map(({ image }) => image), ['large.png', LARGE_JPEG, 'photo.jpg', 'small.png', 'tall.jpg', 'wide.png', 'words.jpg']); // prettier-ignore
  equal(lines.map(({ status }) => status === 'error'), [false, false, false, false, false, false, true]); // prettier-ignore
}

async function train(place: Place): Promise<void> {
  const printed = await place.run('node', ['train.ts']);
  const [, right = ''] = /all attributes right: ([\d.]+) % of photos/.exec(printed) ?? [];
  // Of ten combinations; whoever guesses has one in ten right.
  ok(Number(right) > 50, printed);
  await place.run('npx', ['busana', 'predict', 'runs/wardrobe', '../photos/photo.jpg']);
}

async function uploadRoute(place: Place): Promise<void> {
  const ask = (photo: string): Promise<string> => place.run('node', ['try.ts', `../photos/${photo}`]);
  const good = await ask('photo.jpg');
  ok(good.startsWith('200 '), good);
  predictionSchema.parse(JSON.parse(good.slice(4)));
  const bad = await ask('words.jpg');
  ok(bad.startsWith('422 '), bad);
}

async function server(place: Place): Promise<void> {
  await place.serving('server.ts', async (address) => {
    const ask = async (photo: string): Promise<Response> =>
      fetch(`${address}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg' },
        body: await readFile(join(place.folder, '../photos', photo)),
      });
    const answers = await Promise.all([ask('photo.jpg'), ask('large.png'), ask('words.jpg')]);
    equal(answers.map(({ status }) => status), [200, 200, 422]); // prettier-ignore
    predictionSchema.parse(await answers[0].json());
  });
}
