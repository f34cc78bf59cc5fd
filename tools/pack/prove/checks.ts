/** @file What an installed busana has to be able to do, each thing on each Node.js. */
import { deepStrictEqual as equal, ok } from 'node:assert';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './place.ts';

/** Run in this order: each may use what the one before has left in the folder. */
export const checks: readonly { readonly name: string; readonly run: (place: Place) => Promise<void> }[] = [
  { name: "import { loadModel } from '@busana/vision'", run: useVision },
  { name: 'npx busana predict photo.jpg', run: predictOne },
  { name: 'npx busana demo: training with worker threads, report, predictions', run: demo },
  { name: 'npx busana serve: pages, prediction, a task in a process of its own', run: serve },
];

async function useVision(place: Place): Promise<void> {
  const { names, labels, status } = JSON.parse(await place.run('node', ['use-vision.js'])) as Record<string, unknown>;
  equal(names, ['jenis', 'warna']);
  ok(Array.isArray(labels) && labels.length === 2 && status !== 'error');
}

async function predictOne(place: Place): Promise<void> {
  const [header = '', row = '', ...more] = (await place.run('npx', ['busana', 'predict', 'photo.jpg']))
    .trim()
    .split('\n');
  equal(header.split(',').slice(0, 4), ['image', 'jenis', 'jenis_label', 'jenis_confidence']);
  equal(row.split(',')[0], 'photo.jpg');
  ok(Number(row.split(',')[3]) > 0.5, row);
  equal(more, []);
}

async function demo(place: Place): Promise<void> {
  await rm(join(place.folder, 'demo'), { recursive: true, force: true });
  const given = ['demo', '--photos', '24', '--epochs', '1', '--out', 'demo'];
  await place.run('npx', ['busana', ...given], { quiet: false });
  const predicted = await place.run('npx', ['busana', 'predict', 'demo/demo', 'photo.jpg']);
  ok(predicted.includes('photo.jpg'));
}

async function serve(place: Place): Promise<void> {
  await rm(join(place.folder, 'shop'), { recursive: true, force: true });
  const command = ['node_modules/busana/dist/bin.js', 'serve', '--port', '0', '--data', 'shop'];
  await place.serving(command, async (address) => {
    const page = await (await fetch(address)).text();
    ok(page.includes('<title>busana</title>'));
    const [, script = ''] = /src="([^"]+\.js)"/.exec(page) ?? [];
    equal((await fetch(new URL(script, address))).headers.get('content-type')?.split(';')[0], 'text/javascript');
    equal((await fetch(`${address}/api/v1/demo`, { method: 'POST' })).status, 202);
    // Photos are drawn in a process of its own, then imported: the first product proves all of it.
    while (((await (await fetch(`${address}/api/v1/demo`)).json()) as { products: number }).products === 0) {
      await sleep(200);
    }
  });
}
