/** @file A model file that is damaged where it is kept: the shop begins without it, says so, and takes it when it is whole again. */
import { errorAnswerSchema, modelListSchema, predictAnswerSchema } from '@busana/contracts';
import { eq } from 'drizzle-orm';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomArtifact } from '../../vision/test/support/random-artifact.ts';
import { folderWith, jpeg } from '../../vision/test/support/temporary.ts';
import { activateModel } from '../src/catalogue/models.ts';
import { models } from '../src/database/schema/models.ts';
import { homes } from './support/homes.ts';
import { formOf, openShop, type Shop } from './support/shop.ts';

const artifact = async (imageSize: number) => Buffer.from((await randomArtifact({ model: 'cnn', imageSize })).bytes);

describe('a model file that is damaged', () => {
  it('does not keep a shop from beginning: the one before answers until it is whole again', async () => {
    const home = await homes[0]!.make();
    const folder = await folderWith();
    await writeFile(join(folder, 'model.onnx'), await artifact(32));
    await writeFile(join(folder, 'second.onnx'), await artifact(48));
    let shop: Shop = await openShop(home.where, { beside: { folder } });
    const again = async (): Promise<void> => {
      await shop.close();
      shop = await openShop(home.where, { beside: { folder } });
    };
    const list = async () => modelListSchema.parse((await shop.app.inject('/api/v1/models')).json());
    const problemOf = async (id: string) => (await list()).models.find((model) => model.id === id)?.problem;
    const place = (hash: string) => join(folder, 'data', 'models', `${hash}.onnx`);
    try {
      const first = shop.predictor.hash;
      const second = await shop.files.install(join(folder, 'second.onnx'));
      await shop.database.orm.insert(models).values(second);
      await shop.models.activate(second.hash, 'ana');
      expect([await problemOf(second.hash), (await list()).answering]).toEqual([null, second.hash]);
      const whole = await readFile(place(second.hash));
      const damaged = Buffer.from(whole);
      damaged[whole.length >> 1]! ^= 1;
      await writeFile(place(second.hash), damaged);

      await again();
      expect(shop.predictor.hash).toBe(first);
      const { answering, models: known } = await list();
      expect([answering, known.find(({ active }) => active)?.id]).toEqual([first, second.hash]);
      expect(await problemOf(second.hash)).toContain('is not the model that its name says');
      expect(await problemOf(first)).toBeNull();
      const ready = await shop.app.inject('/readyz');
      expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'ready', unusable_model: second.hash, answering: first }]); // prettier-ignore
      expect((await shop.app.inject('/api/v1/products')).statusCode).toBe(200);
      const answered = await shop.post('/api/v1/predict', formOf(['p', await jpeg(1), 'a.jpg']));
      expect(predictAnswerSchema.parse(answered.json()).model.hash).toBe(first);
      await expect(shop.models.follow()).rejects.toMatchObject({ code: 'MODEL_INVALID' });

      await writeFile(place(second.hash), whole);
      // It is not tried at every look.
      await expect(shop.models.follow()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
      await expect.poll(() => shop.models.follow().then(() => shop.predictor.hash, () => ''), { timeout: 10_000 }).toBe(second.hash); // prettier-ignore
      expect([await problemOf(second.hash), (await list()).answering]).toEqual([null, second.hash]);
      expect((await shop.app.inject('/readyz')).json()).toEqual({ status: 'ready' });
      // What another model has answered meanwhile is asked anew.
      expect(await shop.jobs.queue.has(shop.database.orm, { kind: 'anew', model: second.hash })).toBe(true);

      // Whole, and answers otherwise than it says.
      const wrong = await artifact(64);
      wrong.fill(0x3f, wrong.length >> 1, (wrong.length >> 1) + 4096);
      await writeFile(join(folder, 'wrong.onnx'), wrong);
      const third = await shop.files.install(join(folder, 'wrong.onnx'));
      await activateModel(shop.database.orm, third, { kind: 'activate', actor: 'ana' });
      await again();
      expect(shop.predictor.hash).toBe(second.hash);
      expect(await problemOf(third.hash)).toContain(`models/${third.hash}.onnx fails its golden check`);
      const refused = await shop.app.inject({ method: 'POST', url: `/api/v1/models/${third.hash}/activate` });
      expect([refused.statusCode, errorAnswerSchema.parse(refused.json()).error.code]).toEqual([422, 'MODEL_INVALID']);
      // The one that answers can be made the active one.
      expect((await shop.app.inject({ method: 'POST', url: `/api/v1/models/${second.hash}/activate` })).statusCode).toBe(200); // prettier-ignore
      const [active] = await shop.database.orm.select().from(models).where(eq(models.active, true));
      expect(active?.hash).toBe(second.hash);

      // The model that a server is given is put right where it is kept.
      await shop.models.activate(first, 'ana');
      await writeFile(place(first), 'damaged');
      await again();
      expect(shop.predictor.hash).toBe(first);
      expect(await readFile(place(first))).toEqual(await readFile(join(folder, 'model.onnx')));
    } finally {
      await shop.close();
      await home.remove();
    }
  }, 60_000);
});
