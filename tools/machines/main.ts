/**
 * @file `npm run prove:machines [-- --photos 20000 --servers 2 --workers 4 --seed 1 --storage folder|s3]` (s3 where there is versitygw): photos are imported
 * by servers and workers that share a PostgreSQL and a storage, while workers are killed at random every few seconds and
 * PostgreSQL crashes and comes back once. Fails unless every photo has exactly one result and the catalogue is the one
 * that a single process makes. Prints one JSON document.
 */
import { Random } from '@busana/engine';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openDatabase } from '../../packages/server/src/database/up-to-date.ts';
import { startPostgres } from '../../packages/server/test/support/postgres.ts';
import { s3Program, startS3 } from '../../packages/server/test/support/s3.ts';
import { randomArtifact } from '../../packages/vision/test/support/random-artifact.ts';
import { differences, snapshotOf } from './catalogue.ts';
import { drawArchive } from './photos.ts';
import { endAll, start, type Running } from './processes.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: '20000' },
    servers: { type: 'string', default: '2' },
    workers: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    storage: { type: 'string', default: s3Program === undefined ? 'folder' : 's3' },
    keep: { type: 'boolean', default: false },
  },
});
const [photos, servers, workers, seed] = [values.photos, values.servers, values.workers, values.seed].map(Number) as [number, number, number, number]; // prettier-ignore
/** Seconds from one kill to the next, at random between the two. */
const KILLS = [3, 7] as const;
/** Part of the photos after which PostgreSQL crashes, and the seconds that it is away. */
const CRASH = 0.4;
const AWAY = 3;
/** Differences that are told. */
const TOLD = 20;

const importSchema = z.object({
  id: z.int(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  ...{ total: z.int(), added: z.int(), duplicates: z.int(), failed: z.int(), waiting: z.int() },
});
const jobsSchema = z.object({ dead: z.array(z.object({ reason: z.string() })) });

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10;

async function send(address: string, archive: Buffer): Promise<number> {
  const form = new FormData();
  form.append('archive', new Blob([Uint8Array.from(archive)]), 'photos.zip');
  const response = await fetch(`${address}/api/v1/imports`, { method: 'POST', body: form });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  return importSchema.parse(await response.json()).id;
}

/** Undefined while it cannot be told. */
async function stateOf(address: string, id: number): Promise<z.infer<typeof importSchema> | undefined> {
  const response = await fetch(`${address}/api/v1/imports/${id}`).catch(() => undefined);
  return response?.status === 200 ? importSchema.parse(await response.json()) : undefined;
}

async function addressOf(server: Running): Promise<string> {
  const address = (await server.said)?.address;
  if (address === undefined) throw new Error(`${server.name} did not start; see its log`);
  return address;
}

const folder = await mkdtemp(join(tmpdir(), 'busana-machines-'));
const logs = join(folder, 'logs');
await mkdir(logs);
const model = join(folder, 'model.onnx');
await writeFile(model, (await randomArtifact({ model: 'cnn', imageSize: 32 })).bytes);
const postgres = await startPostgres();
const s3 = values.storage === 's3' ? await startS3() : undefined;
const running: Running[] = [];
try {
  let begin = performance.now();
  const archive = await drawArchive(photos, seed);
  say(`${photos} photos drawn in ${seconds(begin)} s, ${(archive.length / 2 ** 20).toFixed(1)} MiB`);

  begin = performance.now();
  const alone = start('alone', ['serve', '--port', '0', '--threads', '1', '--model', model, '--data', join(folder, 'alone')], logs); // prettier-ignore
  running.push(alone);
  const there = await addressOf(alone);
  const first = await send(there, archive);
  for (let state = await stateOf(there, first); state?.state === 'running'; state = await stateOf(there, first)) await setTimeout(500); // prettier-ignore
  const aloneSeconds = seconds(begin);
  await endAll(running.splice(0));
  const embedded = await openDatabase(join(folder, 'alone', 'database'));
  const wanted = await snapshotOf(embedded.orm, first).finally(() => embedded.close());
  say(`one process: ${aloneSeconds} s`);

  begin = performance.now();
  const shared = [
    '--database',
    postgres.url,
    '--storage',
    (await s3?.bucket()) ?? join(folder, 'shared'),
    '--threads',
    '1',
  ];
  const serve = Array.from({ length: servers }, (_, at) => start(`server-${at}`, ['serve', '--no-work', '--port', '0', '--model', model, '--data', join(folder, `server-${at}`), ...shared], logs)); // prettier-ignore
  running.push(...serve);
  const addresses = await Promise.all(serve.map(addressOf));
  let count = 0;
  const hire = (): Running => start(`worker-${(count += 1)}`, ['worker', '--data', join(folder, `worker-${count % workers}`), ...shared], logs); // prettier-ignore
  let crew = Array.from({ length: workers }, hire);
  const id = await send(addresses[0]!, archive);
  say(`sent after ${seconds(begin)} s`);

  const random = Random.of(seed, 'kills');
  let [kills, crashes] = [0, 0];
  let next = performance.now();
  let state = await stateOf(addresses.at(-1)!, id);
  while (state?.state === 'running' || state === undefined) {
    await setTimeout(250);
    // The state comes from another server than the one that the photos were sent to.
    state = await stateOf(addresses.at(-1)!, id);
    if (performance.now() > next && (state?.waiting ?? 0) > 0) {
      const victim = random.integer(0, crew.length - 1);
      crew[victim]!.child.kill('SIGKILL');
      crew = crew.map((worker, at) => (at === victim ? hire() : worker));
      kills += 1;
      next = performance.now() + random.uniform(...KILLS) * 1000;
    }
    if (state !== undefined && crashes === 0 && state.waiting < state.total * (1 - CRASH)) {
      say(`PostgreSQL crashes with ${state.waiting} of ${state.total} waiting`);
      await postgres.down('crash');
      await setTimeout(AWAY * 1000);
      await postgres.up();
      crashes += 1;
    }
  }
  const manySeconds = seconds(begin);
  const { dead } = jobsSchema.parse(await (await fetch(`${addresses[0]}/api/v1/jobs`)).json());
  running.push(...crew);
  await endAll(running.splice(0));
  const database = await openDatabase(postgres.url);
  const got = await snapshotOf(database.orm, id).finally(() => database.close());
  const different = differences(wanted, got);
  for (const text of different.slice(0, TOLD)) say(text);
  for (const { reason } of dead.slice(0, TOLD)) say(`given up: ${reason}`);
  const right =
    different.length === 0 && dead.length === 0 && got.twice.length === 0 && state.state === 'done' && crashes === 1;
  const result = { right, photos, servers, workers, storage: values.storage, seed, state, kills, crashes, given_up: dead.length, photos_of_two_products: got.twice.length, differences: different.length, seconds: { one_process: aloneSeconds, many: manySeconds } }; // prettier-ignore
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (!right) process.exitCode = 1;
} finally {
  await endAll(running);
  await postgres.stop();
  await s3?.stop();
  if (values.keep) say(`kept: ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}
