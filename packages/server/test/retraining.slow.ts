/**
 * @file What confirmed labels of a shop are worth: a model that has learnt from few photos, a catalogue of others whose
 * labels people confirm, and the heads trained anew on those; both on photos that neither has seen.
 */
import { importSchema, modelListSchema, productPageSchema, trainingConfigSchema, trainingSchema } from '@busana/contracts'; // prettier-ignore
import { openDataset, readImageBytes, train } from '@busana/vision';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../vision/test/support/shared-data.ts';
import { serve } from '../src/serve.ts';

/** Every n-th photo is what the first model learns from. */
const SHARE = 10;

describe.skipIf(sharedData === undefined)('labels that people confirm', () => {
  it('make a model of few photos better, on photos that it has not seen', { timeout: 1_200_000 }, async () => {
    const work = await mkdtemp(join(tmpdir(), 'busana-retraining-'));
    const { photos, taxonomy } = await openDataset({ source: join(sharedData!, 'hology') });
    const codesOf = (targets: readonly number[]) =>
      Object.fromEntries(taxonomy.attributes.map(({ name, values }, index) => [name, values[targets[index]!]!.code]));
    try {
      const [few, shop] = [join(work, 'few'), join(work, 'shop')];
      for (const folder of [join(few, 'train'), shop]) await mkdir(folder, { recursive: true });
      const learnt = ['id,jenis,warna'];
      const stock = ['image,sku'];
      for (const [index, { id, name, location, targets }] of photos.entries()) {
        const file = `${id}${extname(name)}`;
        const isLearnt = index % SHARE === 0;
        await writeFile(join(isLearnt ? join(few, 'train') : shop, file), await readImageBytes(location));
        if (isLearnt) learnt.push([id, ...Object.values(codesOf(targets))].join());
        else stock.push(`${file},${id}`);
      }
      await writeFile(join(few, 'train.csv'), learnt.join('\n'));
      await writeFile(join(shop, 'products.csv'), stock.join('\n'));
      const weights = join(sharedData!, '..', 'models', 'efficientnet-lite0.pth');
      const config = trainingConfigSchema.parse({ model: 'efficientnet_lite0', weights, freeze: true });
      const first = await train({ data: { source: few }, config, project: join(work, 'runs'), name: 'few', dryRun: false, emit: () => undefined }); // prettier-ignore

      const server = await serve({ host: '127.0.0.1', port: 0, data: join(work, 'data'), model: first.folder, version: '0.0.0' }); // prettier-ignore
      const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
        const answer = await fetch(`${server.address}/api/v1${path}`, {
          method,
          ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        });
        expect(answer.ok, await answer.clone().text()).toBe(true);
        return answer.json();
      };
      const wait = async (path: string): Promise<void> => {
        const events = await fetch(`${server.address}/api/v1${path}/events`);
        await events.text();
      };
      const begun = importSchema.parse(await ask('POST', '/imports', { folder: shop }));
      await wait(`/imports/${begun.id}`);
      const truth = new Map(photos.map(({ id, targets }) => [id, codesOf(targets)]));
      let confirmed = 0;
      for (let before: number | null | undefined = undefined; before !== null;) {
        const page = productPageSchema.parse(await ask('GET', `/products?limit=100${before === undefined ? '' : `&before=${before}`}`)); // prettier-ignore
        for (const { id, sku } of page.products) {
          await ask('PATCH', `/products/${id}/attributes`, { attributes: truth.get(sku!)!, who: 'ana' });
          confirmed += 1;
        }
        before = page.next;
      }
      const training = trainingSchema.parse(await ask('POST', '/trainings', { name: 'confirmed', approach: 'heads' }));
      await wait(`/trainings/${training.id}`);
      const done = trainingSchema.parse(await ask('GET', `/trainings/${training.id}`));
      expect(done, JSON.stringify(done.log)).toMatchObject({ state: 'done' });
      const { models } = modelListSchema.parse(await ask('GET', '/models'));
      const { comparison } = models.find(({ id }) => id === done.model)!;
      await server.close();
      const { old_emr: old, new_emr: now } = comparison!;
      process.stdout.write(`${learnt.length - 1} photos learnt from at first, ${confirmed} products confirmed; on ${now.n} unseen photos EMR ${old.value.toFixed(3)} -> ${now.value.toFixed(3)}\n`); // prettier-ignore
      process.stdout.write(`${JSON.stringify(comparison)}\n`);
      expect(now.n).toBeGreaterThan(100);
      // The intervals lie apart: it is no luck.
      expect(now.low).toBeGreaterThan(old.high);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
});
