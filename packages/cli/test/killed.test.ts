/** @file What a kill in the middle of the loop leaves: corrections that were answered are there, once; trainings go on elsewhere. */
import { importSchema, modelListSchema, productDetailsSchema, productPageSchema, trainingSchema, type Training } from '@busana/contracts'; // prettier-ignore
import { drawWardrobe, isThere } from '@busana/vision';
import { openDatabase } from '@busana/server';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { homes } from '../../server/test/support/homes.ts';
import { randomArtifact } from '../../vision/test/support/random-artifact.ts';
import { follow, startServer } from './support/server.ts';

const PHOTOS = 40;
/** Some seconds of learning, of which a kill leaves most. */
const EPOCHS = 100;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-killed-'));
  await writeFile(join(folder, 'model.onnx'), (await randomArtifact({ model: 'cnn', imageSize: 32 })).bytes);
  await drawWardrobe(join(folder, 'wardrobe'), { count: PHOTOS, test: 0, seed: 1, size: 48 });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(homes)('a server that is killed, $name', ({ there, make }) => {
  it.skipIf(!there)(
    'loses no correction that it has answered, and another machine goes on with a training',
    async () => {
      const home = await make();
      const [storage, here, there] = ['storage', 'here', 'there'].map((name) => `${name}-${home.where.replaceAll(/\W/g, '')}`) as [string, string, string]; // prettier-ignore
      const args = ['--storage', storage, '--database', home.where, '--model', 'model.onnx']; // prettier-ignore
      const send = (address: string, method: string, url: string, body?: object) =>
      fetch(`${address}/api/v1${url}`, { method, ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) }); // prettier-ignore
      try {
        const first = startServer(folder, '--data', here, ...args);
        const address = await first.address();
        const imported = importSchema.parse(await (await send(address, 'POST', '/imports', { folder: join(folder, 'wardrobe', 'train') })).json()); // prettier-ignore
        for await (const state of follow(`${address}/api/v1/imports/${imported.id}/events`, importSchema)) expect(state.failed).toBe(0); // prettier-ignore
        const { products } = productPageSchema.parse(await (await send(address, 'GET', '/products?limit=200')).json());
        for (const { id } of products) expect((await send(address, 'POST', `/review/${id}/confirm`, { who: 'ana' })).status).toBe(200); // prettier-ignore

        // Killed while corrections come and a training is on its way.
        const begun = trainingSchema.parse(await (await send(address, 'POST', '/trainings', { name: 'killed', epochs: EPOCHS })).json()); // prettier-ignore
        const kept = join(folder, storage, 'progress', String(begun.id));
        const answered: number[] = [];
        const correcting = (async () => {
          for (const { id } of products) {
            const { status } = await send(address, 'PATCH', `/products/${id}/attributes`, { attributes: { warna: '3' }, who: 'budi' }); // prettier-ignore
            if (status === 200) answered.push(id);
            if (answered.length > products.length / 2) return;
          }
        })().catch(() => undefined);
        for await (const { history } of follow(`${address}/api/v1/trainings/${begun.id}/events`, trainingSchema)) if (history.length > 0 && (await isThere(join(kept, 'owner')))) break; // prettier-ignore
        first.child.kill('SIGKILL');
        expect((await first.ended).code).toBeNull();
        await correcting;

        const second = startServer(folder, '--data', there, ...args);
        const again = await second.address();
        for (const id of answered) {
          const { labels, history } = productDetailsSchema.parse(await (await send(again, 'GET', `/products/${id}`)).json()); // prettier-ignore
          expect(labels['warna']).toBe('3');
          expect(history.filter(({ actor }) => actor === 'budi')).toHaveLength(1);
        }
        const states: Training[] = [];
        for await (const state of follow(`${again}/api/v1/trainings/${begun.id}/events`, trainingSchema)) states.push(state); // prettier-ignore
        const before = states[0]!.history.length;
        expect(before).toBeGreaterThan(0);
        expect(before).toBeLessThan(EPOCHS);
        const end = states.at(-1)!;
        expect(end.state, JSON.stringify(end.log)).toBe('done');
        expect(end.history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: EPOCHS }, (_, at) => at + 1));
        // What was learnt before is what the curves say it was.
        expect(end.history.slice(0, before)).toEqual(states[0]!.history);
        const { models } = modelListSchema.parse(await (await send(again, 'GET', '/models')).json());
        expect(models.filter(({ origin }) => origin === begun.id).map(({ id }) => id)).toEqual([end.model]);
        second.child.kill('SIGTERM');
        expect((await second.ended).code).toBe(0);

        // It began with the last epoch that the first had put into the storage, and learnt nothing before that again.
        const from = await epochOf(join(folder, there, 'trainings', String(begun.id), 'elsewhere', 'last.safetensors'));
        expect(from).toBeGreaterThan(0);
        expect(from).toBeLessThanOrEqual(before);
        const database = await openDatabase(home.where);
        const { rows } = await database.executeSql('select count(*)::int as told from training_events where epoch is not null'); // prettier-ignore
        await database.close();
        expect(rows).toEqual([{ told: before + EPOCHS - from }]);
        expect(await readdir(kept)).toEqual([]);
      } finally {
        await home.remove();
      }
    },
  );
});

/** How far a checkpoint is: its file begins with the length of a header in JSON. */
async function epochOf(file: string): Promise<number> {
  const bytes = await readFile(file);
  const header = z.object({ __metadata__: z.object({ 'busana.progress': z.string() }) }).parse(JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())))); // prettier-ignore
  return z.object({ epoch: z.int() }).parse(JSON.parse(header.__metadata__['busana.progress'])).epoch;
}
