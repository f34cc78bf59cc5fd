import { asc, desc, eq } from 'drizzle-orm';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { randomArtifact } from '../../vision/test/support/random-artifact.ts';
import { jpeg } from '../../vision/test/support/temporary.ts';
import { confirm, correct, undo } from '../src/catalogue/correct.ts';
import { productDetails } from '../src/catalogue/details.ts';
import { findProducts, type Product } from '../src/catalogue/find.ts';
import { predictions } from '../src/database/schema/labels.ts';
import { models } from '../src/database/schema/models.ts';
import { photoFeatures, photos, productPhotos } from '../src/database/schema/photos.ts';
import { AnewWork, askAnew } from '../src/models/anew.ts';
import { homes } from './support/homes.ts';
import { importingShop } from './support/importing.ts';
import { formOf } from './support/shop.ts';

const PHOTOS = 6;

describe.each(homes)('another model, $name', ({ there, make }) => {
  describe.skipIf(!there)('that is activated', () => {
    const here = importingShop(make);
    const list = (): Promise<Product[]> => findProducts(here.orm, {}, { limit: 100 });
    const features = () => here.orm.select().from(photoFeatures).orderBy(asc(photoFeatures.photoHash));

    /** When no job is left that would meet the next test. */
    const settled = () => vi.waitFor(async () => expect(await here.shop.jobs.queue.has(here.orm, { kind: 'anew' })).toBe(false), 20_000); // prettier-ignore

    const importAll = async (): Promise<void> => {
      const parts = await Promise.all(Array.from({ length: PHOTOS }, async (_, number) => ['photo', await jpeg(number), `${number}.jpg`] as const)); // prettier-ignore
      expect(await here.run(formOf(...parts))).toMatchObject({ added: PHOTOS });
    };
    const install = async (seed: number): Promise<string> => {
      const file = join(here.shop.folder, `model-${seed}.onnx`);
      await writeFile(
        file,
        (
          await randomArtifact({ model: 'cnn', imageSize: 32 }, (_, values) =>
            values.forEach((value, at) => (values[at] = value * (1 + Math.sin(at * seed)))),
          )
        ).bytes,
      );
      const { hash } = await here.shop.files.install(file);
      await here.orm
        .insert(models)
        .values({ hash, name: `model ${seed}` })
        .onConflictDoNothing();
      return hash;
    };
    const work = () => {
      const { database, store, predictor, taxonomy, jobs } = here.shop;
      return new AnewWork({ orm: database.orm, store, predictor, taxonomy, queue: jobs.queue });
    };
    const doing = { signal: new AbortController().signal, tried: 0 };
    /** What the model that answers says of each product. */
    const said = async (): Promise<Record<string, string>[]> => {
      const { predictor, store } = here.shop;
      const first = await here.orm.select().from(productPhotos).orderBy(desc(productPhotos.productId));
      return Promise.all(
        first.map(async ({ photoHash }) => {
          const location = { kind: 'file' as const, path: await store.local(photoHash) };
          const [answer] = await predictor.answer([await predictor.prepare({ id: '', name: '', location })]);
          return Object.fromEntries(answer!.prediction.attributes.map(({ name, code }) => [name, code]));
        }),
      );
    };

    it('says anew what products are, but for those that a person has looked at', async () => {
      await importAll();
      const before = await list();
      const [confirmed, corrected, undone, ...others] = before;
      await confirm(here.orm, confirmed!.id, 'ana');
      await correct(here.orm, [{ productId: corrected!.id, attribute: 'warna', code: '2' }], 'ana');
      await correct(here.orm, [{ productId: undone!.id, attribute: 'warna', code: '2' }], 'ana');
      await undo(here.orm, undone!.id, 'ana');
      const judged = (await list()).slice(0, 2);
      const first = here.shop.predictor.hash;
      const next = await install(7);
      await here.shop.models.activate(next, 'ana');
      here.shop.jobs.wake();
      await vi.waitFor(async () => expect((await here.orm.select().from(photoFeatures).where(eq(photoFeatures.modelHash, next))).length).toBe(PHOTOS), 20_000); // prettier-ignore
      const after = await list();
      expect(after.slice(0, 2)).toEqual(judged);
      const expected = await said();
      expect(after.slice(2).map(({ labels }) => labels)).toEqual(expected.slice(2));
      expect(after.slice(2).map(({ labels }) => labels)).not.toEqual([undone!, ...others].map(({ labels }) => labels));
      expect(new Set((await here.orm.select().from(predictions)).map(({ modelHash }) => modelHash))).toEqual(new Set([next])); // prettier-ignore
      await here.shop.models.activate(first, 'ana');
      here.shop.jobs.wake();
      await vi.waitFor(async () => expect((await list()).slice(2).map(({ labels }) => labels)).toEqual([undone!, ...others].map(({ labels }) => labels)), 20_000); // prettier-ignore
      await settled();
      expect(here.shop.failures).toEqual([]);
    });

    it('says anew what tables do not say, and brings nothing back that one has taken away', async () => {
      const rows = ['0.jpg,,,2', '1.jpg,,person,', '2.jpg,1,,3', '3.jpg,,,'];
      const table = ['image,jenis,jenis_source,warna', ...rows].join('\n');
      const parts = await Promise.all(rows.map(async (_, number) => ['photo', await jpeg(number), `${number}.jpg`] as const)); // prettier-ignore
      expect(await here.run(formOf(['table', table, 'stock.csv'], ...parts))).toMatchObject({ added: 4, warned: 0 });
      const before = (await list()).toReversed().map(({ labels }) => labels);
      const first = here.shop.predictor.hash;
      await here.shop.models.activate(await install(7), 'ana');
      here.shop.jobs.wake();
      await settled();
      const model = (await said()).toReversed();
      expect(model.map(({ jenis }) => jenis)).not.toEqual(before.map(({ jenis }) => jenis));
      const after = (await list()).toReversed();
      expect(after.map(({ labels }) => labels)).toEqual([{ ...model[0], warna: '2' }, { warna: model[1]!['warna'] }, { jenis: '1', warna: '3' }, model[3]]); // prettier-ignore
      // What a table says whole is nobody's to look at.
      expect([after[2]!.status, after[2]!.reason]).toEqual(['accept', '']);
      const sources = await productDetails(here.orm, after[0]!.id);
      expect(sources.attributes.map(({ attribute, source }) => [attribute, source]).sort()).toEqual([['jenis', 'model'], ['warna', 'person']]); // prettier-ignore
      await here.shop.models.activate(first, 'ana');
      here.shop.jobs.wake();
      await settled();
      expect((await list()).toReversed().map(({ labels }) => labels)).toEqual(before);
      expect(here.shop.failures).toEqual([]);
    });

    it('is asked about what it was not asked about, once, and remembers the same as at the import', async () => {
      await importAll();
      const before = await features();
      const products = await list();
      const model = here.shop.predictor.hash;
      const [one] = await here.orm.select().from(photos).limit(1);
      const part = { kind: 'anew' as const, model, digit: one!.hash[0]!, after: one!.hash[0]! };
      await here.orm.delete(photoFeatures);
      expect(await work().ask(part, doing)).toEqual({});
      const some = await features();
      expect(some.map(({ photoHash }) => photoHash)).toEqual(before.map(({ photoHash }) => photoHash).filter((hash) => hash.startsWith(part.digit))); // prettier-ignore
      expect(await work().ask(part, doing)).toEqual({});
      expect(await features()).toEqual(some);
      await here.shop.resume();
      await settled();
      expect((await features()).map(({ id, ...row }) => row)).toEqual(before.map(({ id, ...row }) => row));
      expect((await list()).map(({ updatedAt, ...product }) => product)).toEqual(products.map(({ updatedAt, ...product }) => product)); // prettier-ignore
    });

    it('is asked about the others when a photo is gone', async () => {
      await importAll();
      const [one] = await here.orm.select().from(photos).limit(1);
      await here.shop.store.remove(one!.hash);
      await here.orm.delete(photoFeatures);
      await here.shop.resume();
      await settled();
      expect((await features()).map(({ photoHash }) => photoHash)).not.toContain(one!.hash);
      expect(await features()).toHaveLength(PHOTOS - 1);
      expect(here.shop.failures).toEqual([]);
    });

    it('is asked no more when a third one answers', async () => {
      await importAll();
      const gone = await install(8);
      await askAnew(here.orm, here.shop.jobs.queue, gone);
      await here.orm.delete(photoFeatures);
      expect(await work().ask({ kind: 'anew', model: gone, digit: '0', after: '0' }, doing)).toEqual({});
      expect(await features()).toEqual([]);
      await askAnew(here.orm, here.shop.jobs.queue, here.shop.predictor.hash);
      expect(await here.shop.jobs.queue.has(here.orm, { kind: 'anew', model: gone })).toBe(false);
      here.shop.jobs.wake();
      await settled();
      expect(await features()).toHaveLength(PHOTOS);
    });
  });
});
