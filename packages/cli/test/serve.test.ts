/** @file The server as a process of its own: what it says, what a kill leaves, how it ends. */
import { importSchema, productPageSchema, type ImportState } from '@busana/contracts';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { homes } from '../../server/test/support/homes.ts';
import { randomArtifact } from '../../vision/test/support/random-artifact.ts';
import { jpeg } from '../../vision/test/support/temporary.ts';
import { runBinary } from './support/binary.ts';
import { follow, startServer } from './support/server.ts';

const PHOTOS = 400;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-serve-'));
  await writeFile(join(folder, 'model.onnx'), (await randomArtifact({ model: 'cnn', imageSize: 32 })).bytes);
  await mkdir(join(folder, 'photos'));
  const drawn = await Promise.all([0, 1, 2, 3].map((number) => jpeg(number)));
  for (let at = 0; at < PHOTOS; at += 1) {
    // Other bytes behind the picture make another file of it.
    await writeFile(join(folder, 'photos', `${at}.jpg`), Buffer.concat([drawn[at % 4]!, Buffer.from(`no ${at}`)]));
  }
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (...args: string[]) => startServer(folder, ...args);
const followed = (address: string, id: number) => follow(`${address}/api/v1/imports/${id}/events`, importSchema);

describe.each(homes)('busana serve, $name', ({ there, make }) => {
  it.skipIf(!there)(
    'goes on with an import after it was killed in the middle, and ends when it is asked to',
    async () => {
      const home = await make();
      const args = ['--data', `data-${there}-${home.where.replaceAll(/\W/g, '')}`, '--database', home.where, '--model', 'model.onnx']; // prettier-ignore
      try {
        const first = start(...args);
        const address = await first.address();
        const body = JSON.stringify({ folder: join(folder, 'photos') });
        const response = await fetch(`${address}/api/v1/imports`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }); // prettier-ignore
        expect(response.status).toBe(202);
        const { id } = importSchema.parse(await response.json());
        for await (const { added } of followed(address, id)) if (added > 0) break;
        first.child.kill('SIGKILL');
        expect((await first.ended).code).toBeNull();

        const second = start(...args);
        const again = await second.address();
        const states: ImportState[] = [];
        for await (const state of followed(again, id)) states.push(state);
        expect(states[0]).toMatchObject({ state: 'running', failed: 0, duplicates: 0 });
        expect(states[0]!.waiting).toBeGreaterThan(0);
        expect(states.at(-1)).toMatchObject({ state: 'done', added: PHOTOS, duplicates: 0, failed: 0, waiting: 0 });
        const { facets } = productPageSchema.parse(await (await fetch(`${again}/api/v1/products?limit=1`)).json());
        expect(facets.total).toEqual({ products: PHOTOS, pieces: PHOTOS });
        second.child.kill('SIGTERM');
        const { code, stderr } = await second.ended;
        expect(code).toBe(0);
        // Lines for programs: each with its request.
        const requests = stderr.split('\n').filter((line) => line.includes('"reqId"')).map((line) => z.object({ reqId: z.string(), level: z.number() }).parse(JSON.parse(line))); // prettier-ignore
        expect(requests.length).toBeGreaterThan(0);
      } finally {
        await home.remove();
      }
    },
  );
});

describe('busana serve', () => {
  it('refuses addresses of others, ports that are none and models that are not there', async () => {
    const refused = async (...args: string[]) => {
      const { code, stderr } = await start(...args).ended;
      return [code, stderr.replace(/\n[^]*/, '')];
    };
    expect(await refused('--host', '0.0.0.0')).toEqual([2, 'error USAGE: this server asks for a login, and nobody has a token yet']); // prettier-ignore
    expect(await refused('--port', '70000')).toEqual([2, "error CONFIG_INVALID: --port '70000' is not a number from 0 to 65535"]); // prettier-ignore
    expect(await refused('--model', 'none.onnx')).toEqual([2, 'error MODEL_NOT_FOUND: there is no model at none.onnx']);
  });

  it('ends at once while somebody listens to events, and lets requests end', async () => {
    const server = start('--data', 'ending', '--model', 'model.onnx');
    const address = await server.address();
    const form = new FormData();
    form.append('photo', new Blob([Uint8Array.from(await jpeg())]), 'a.jpg');
    const predicted = await fetch(`${address}/api/v1/predict`, { method: 'POST', body: form });
    expect(predicted.status).toBe(200);
    const { status } = await fetch(`${address}/api/v1/imports`, { method: 'POST', body: form });
    expect(status).toBe(202);
    server.child.kill('SIGINT');
    expect((await server.ended).code).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });
});

describe('busana worker', () => {
  it('says what it needs', async () => {
    const refused = async (...args: string[]) => {
      const { code, stderr } = await runBinary(tmpdir(), ['worker', ...args]);
      return [code, stderr.split('\n')[0]];
    };
    expect(await refused()).toEqual([2, 'error USAGE: a worker shares a database with its servers, and none is named']);
    expect(await refused('--database', 'postgres://x', '--queues', 'predict,dance')).toEqual([2, "error CONFIG_INVALID: --queues 'dance' is none of predict, train, analyze"]); // prettier-ignore
    expect(await refused('--database', 'postgres://x', '--concurrency', '0')).toEqual([2, "error CONFIG_INVALID: --concurrency '0' is not a number from 1 to 999"]); // prettier-ignore
  });
});
