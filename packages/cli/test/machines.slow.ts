/** @file Servers and workers as processes that share a PostgreSQL and a folder: who does what, and which model answers. */
import { importSchema, jobsSchema, modelListSchema, predictAnswerSchema, type ImportState } from '@busana/contracts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresPrograms, startPostgres, type Postgres } from '../../server/test/support/postgres.ts';
import { randomArtifact } from '../../vision/test/support/random-artifact.ts';
import { jpeg } from '../../vision/test/support/temporary.ts';
import { runBinary } from './support/binary.ts';
import { follow, startServer, startWorker, type Server } from './support/server.ts';

const PHOTOS = 150;
/** Milliseconds after an activation in which a server may answer by the model before. */
const SWAP = 5000;

describe.skipIf(postgresPrograms === undefined)('several processes', () => {
  let folder: string;
  let postgres: Postgres;
  let shared: string[];
  const running: Server[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busana-machines-'));
    for (const [name, imageSize] of [['first', 32], ['second', 40]] as const) {
      await writeFile(join(folder, `${name}.onnx`), (await randomArtifact({ model: 'cnn', imageSize })).bytes);
    } // prettier-ignore
    postgres = await startPostgres();
    shared = ['--database', postgres.url, '--storage', 'shared'];
  }, 60_000);
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const serve = (data: string, model: string): Server => {
    const server = startServer(folder, '--no-work', '--data', data, '--model', `${model}.onnx`, ...shared);
    running.push(server);
    return server;
  };
  const hire = (data: string): Server => {
    const worker = startWorker(folder, '--data', data, ...shared);
    running.push(worker);
    return worker;
  };

  it('do the jobs of servers that do none, also when one is asked to end in the middle', async () => {
    const [first, second] = [serve('a', 'first'), serve('b', 'first')];
    const [here, there] = [await first.address(), await second.address()];
    const form = new FormData();
    const drawn = await Promise.all([0, 1, 2, 3].map((number) => jpeg(number)));
    for (let at = 0; at < PHOTOS; at += 1) form.append('photo', new Blob([Uint8Array.from(drawn[at % 4]!), `no ${at}`]), `${at}.jpg`); // prettier-ignore
    const sent = await fetch(`${here}/api/v1/imports`, { method: 'POST', body: form });
    const { id } = importSchema.parse(await sent.json());
    const worker = hire('c');
    const states: ImportState[] = [];
    let next: Server | undefined;
    for await (const state of follow(`${there}/api/v1/imports/${id}/events`, importSchema)) {
      states.push(state);
      if (state.added === 0 || next !== undefined) continue;
      worker.child.kill('SIGTERM');
      next = hire('d');
    }
    expect(states.at(-1)).toMatchObject({ state: 'done', added: PHOTOS, failed: 0, duplicates: 0, waiting: 0 });
    const { code, stderr } = await worker.ended;
    expect(code, stderr).toBe(0);
    const jobs = async () => jobsSchema.parse(await (await fetch(`${here}/api/v1/jobs`)).json());
    // The first may have done all before it was asked to end, and before the next had begun.
    await expect.poll(async () => (await jobs()).workers, { timeout: 20_000 }).toMatchObject([{ process: next!.child.pid, alive: true }]); // prettier-ignore
    const { queues, dead } = await jobs();
    expect([queues[0], dead]).toEqual([{ name: 'predict', waiting: 0, active: 0, dead: 0 }, []]);
    const check = ['worker', '--check', '--json', '--database', postgres.url];
    expect((await runBinary(folder, check)).code).toBe(0);
    next!.child.kill('SIGTERM');
    expect((await next!.ended).code).toBe(0);
    expect((await runBinary(folder, check)).code).toBe(1);
  });

  it('all answer by the model that one has activated, within five seconds and without a failure', async () => {
    const addresses = await Promise.all(running.slice(0, 2).map((server) => server.address()));
    const third = serve('e', 'second');
    // A model that no server has had yet answers at once where it comes, and a moment later everywhere.
    await third.address();
    third.child.kill('SIGTERM');
    await third.ended;
    const list = async () => modelListSchema.parse(await (await fetch(`${addresses[0]}/api/v1/models`)).json()).models;
    const models = await list();
    expect(models).toHaveLength(2);
    const next = models.find(({ active }) => !active)!.hash;
    const before = models.find(({ active }) => active)!.hash;
    await settled(addresses, before);
    const photo = new Blob([Uint8Array.from(await jpeg())]);
    const ask = async (address: string) => {
      const form = new FormData();
      form.append('photo', photo, 'a.jpg');
      const begun = performance.now();
      const response = await fetch(`${address}/api/v1/predict`, { method: 'POST', body: form });
      const body: unknown = await response.json();
      return { begun, status: response.status, hash: response.status === 200 ? predictAnswerSchema.parse(body).model.hash : '' }; // prettier-ignore
    };
    let activated = Infinity;
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    const load = Array.from({ length: 8 }, async (_, at) => {
      while (performance.now() < activated + SWAP + 1000) answers.push(await ask(addresses[at % 2]!));
    });
    await setTimeout(500);
    const response = await fetch(`${addresses[0]}/api/v1/models/${next}/activate`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }); // prettier-ignore
    expect(response.status).toBe(200);
    activated = performance.now();
    await Promise.all(load);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ hash }) => hash))).toEqual(new Set([before, next]));
    expect(new Set(answers.filter(({ begun }) => begun > activated + SWAP).map(({ hash }) => hash))).toEqual(new Set([next])); // prettier-ignore
  });

  async function settled(addresses: readonly string[], hash: string): Promise<void> {
    for (const address of addresses) {
      const form = new FormData();
      form.append('photo', new Blob([Uint8Array.from(await jpeg())]), 'a.jpg');
      await expect.poll(async () => predictAnswerSchema.parse(await (await fetch(`${address}/api/v1/predict`, { method: 'POST', body: form })).json()).model.hash, { timeout: SWAP }).toBe(hash); // prettier-ignore
    }
  }
});
