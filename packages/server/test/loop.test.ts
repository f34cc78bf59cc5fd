import {
  architectureListSchema,
  demoStateSchema,
  errorAnswerSchema,
  explanationAnswerSchema,
  importSchema,
  modelListSchema,
  predictAnswerSchema,
  trainingListSchema,
  trainingSchema,
  type Training,
} from '@busana/contracts';
import { drawWardrobe, readMetadata } from '@busana/vision';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomArtifact } from '../../vision/test/support/random-artifact.ts';
import { jpeg } from '../../vision/test/support/temporary.ts';
import { zipBytes } from '../../vision/test/support/zip.ts';
import { findProducts } from '../src/catalogue/find.ts';
import { knownParts } from '../src/trainings/confirmed.ts';
import { models } from '../src/database/schema/models.ts';
import { productPhotos } from '../src/database/schema/photos.ts';
import { homes } from './support/homes.ts';
import { openedShop } from './support/opened.ts';
import { formOf } from './support/shop.ts';

describe.each(homes)('the loop, $name', ({ there, make }) => {
  describe.skipIf(!there)('from photos to another model', () => {
    const here = openedShop(make);
    let trained: Training;

    const send = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
      here.shop.app.inject({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
    const ok = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object): Promise<unknown> => {
      const response = await send(method, url, payload);
      expect([200, 202], response.body).toContain(response.statusCode);
      return response.json();
    };
    const failure = async (method: 'GET' | 'POST', url: string, payload?: object) => {
      const response = await send(method, url, payload);
      return [response.statusCode, errorAnswerSchema.parse(response.json()).error.code];
    };
    const events = async <T>(url: string, parse: (given: unknown) => T): Promise<T[]> => {
      const { body } = await send('GET', url);
      return body.trim().split('\n\n').map((event) => parse(JSON.parse(event.replace(/^event: progress\ndata: /, '')))); // prettier-ignore
    };
    const list = async () => modelListSchema.parse(await ok('GET', '/models'));

    it('draws a demo catalogue once, however often it is asked', async () => {
      expect(demoStateSchema.parse(await ok('GET', '/demo'))).toEqual({ loaded: false, products: 0 });
      const [first, second] = (await Promise.all([ok('POST', '/demo'), ok('POST', '/demo')])).map((state) => importSchema.parse(state)); // prettier-ignore
      expect(second!.id).toBe(first!.id);
      const states = await events(`/imports/${first!.id}/events`, (state) => importSchema.parse(state));
      expect(states.at(-1)).toMatchObject({ state: 'done', source: '20 drawn photos', total: 20, failed: 0 });
      expect(demoStateSchema.parse(await ok('GET', '/demo'))).toEqual({ loaded: true, products: states.at(-1)!.added });
    });

    it('explains a product and a photo, attribute by attribute', async () => {
      const [product] = await findProducts(here.shop.database.orm, {}, { limit: 1 });
      const answer = explanationAnswerSchema.parse(await ok('POST', '/explanations', { product: product!.id, method: 'occlusion' })); // prettier-ignore
      expect(answer.attributes.map(({ name, code }) => [name, code])).toEqual(Object.entries(product!.labels));
      for (const { overlay } of answer.attributes) expect(overlay).toMatch(/^data:image\/png;base64,iVBOR/);
      const form = formOf(['method', 'gradcam'], ['attribute', 'warna'], ['photo', await jpeg(), 'a.jpg']);
      const sent = await here.shop.post('/api/v1/explanations', form);
      expect(sent.statusCode, sent.body).toBe(200);
      expect(explanationAnswerSchema.parse(sent.json())).toMatchObject({ method: 'gradcam', attributes: [{ name: 'warna' }] }); // prettier-ignore
      expect(await failure('POST', '/explanations', { product: 999_999 })).toEqual([404, 'PRODUCT_NOT_FOUND']);
      expect(await failure('POST', '/explanations', { product: product!.id, attribute: 'size' })).toEqual([400, 'USAGE']); // prettier-ignore
      expect((await send('POST', '/explanations', { product: 1, method: 'magic' })).statusCode).toBe(400);
      for (const form of [formOf(['photo', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'a.jpg']), formOf(['note', 'x'])]) {
        expect([400, 422]).toContain((await here.shop.post('/api/v1/explanations', form)).statusCode);
      } // prettier-ignore
    });

    it('refuses to train on what nobody has confirmed, or from a model that is not there', async () => {
      expect(await failure('POST', '/trainings', {})).toEqual([422, 'DATA_INVALID']);
      expect(await failure('POST', '/trainings', { model: 'f'.repeat(64) })).toEqual([404, 'MODEL_NOT_FOUND']);
      expect(await failure('POST', '/trainings', { epochs: 0 })).toEqual([400, 'USAGE']);
      expect(await failure('GET', '/trainings/999999')).toEqual([404, 'TRAINING_NOT_FOUND']);
      // A network that knows nothing needs more than new outputs, and is not the network of a model.
      expect(await failure('POST', '/trainings', { architecture: 'resnet18' })).toEqual([400, 'USAGE']);
      const anew = { architecture: 'resnet18', approach: 'fine-tuning' };
      expect(await failure('POST', '/trainings', { ...anew, model: here.shop.predictor.hash })).toEqual([400, 'USAGE']);
      expect(await failure('POST', '/trainings', { ...anew, architecture: 'x' })).toEqual([422, 'CONFIG_INVALID']);
      const { architectures } = architectureListSchema.parse(await ok('GET', '/architectures'));
      expect(architectures.find(({ name }) => name === 'resnet18')).toMatchObject({ parameters: 11_176_512 });
    });

    it('learns from confirmed labels, cancelled and resumed, and compares on photos that it has not seen', async () => {
      const products = await findProducts(here.shop.database.orm, {}, { limit: 200 });
      for (const { id } of products) await ok('POST', `/review/${id}/confirm`, { who: 'ana' });
      const wanted = { name: 'second', epochs: 4 };
      const begun = trainingSchema.parse(await ok('POST', '/trainings', wanted));
      expect(begun).toMatchObject({ name: 'second', state: 'running', approach: 'heads', epochs: 4, history: [] });
      expect(trainingSchema.parse(await ok('POST', `/trainings/${begun.id}/cancel`))).toMatchObject({ state: 'cancelled' }); // prettier-ignore
      expect(trainingSchema.parse(await ok('POST', `/trainings/${begun.id}/resume`))).toMatchObject({ state: 'running' }); // prettier-ignore
      const states = await events(`/trainings/${begun.id}/events`, (state) => trainingSchema.parse(state));
      trained = states.at(-1)!;
      expect(trained, JSON.stringify(trained.log)).toMatchObject({ state: 'done', reason: '', seconds_left: null });
      expect(trained.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
      expect(Object.keys(trained.history[0]!)).toEqual(expect.arrayContaining(['train_loss', 'emr', 'jenis_accuracy', 'warna_accuracy'])); // prettier-ignore
      expect(trainingListSchema.parse(await ok('GET', '/trainings')).trainings.map(({ id }) => id)).toEqual([begun.id]);
      const parts = await knownParts(here.shop.database.orm);
      const of = (part: string) => [...parts.values()].filter((one) => one === part).length;
      expect(trained.photos).toEqual({ train: of('train'), evaluation: of('evaluation') });
      expect(of('train') + of('evaluation') + of('neither')).toBe((await here.shop.database.orm.select().from(productPhotos)).length); // prettier-ignore
      expect(here.shop.failures).toEqual([]);
      const { models: known, previous } = await list();
      expect(known.map(({ name, active, origin }) => [name, active, origin])).toEqual([['second', false, begun.id], ['random', true, 'shipped']]); // prettier-ignore
      expect(previous).toBeNull();
      const { comparison, metrics } = known[0]!;
      expect(comparison).toMatchObject({ old: known[1]!.id, photos: trained.photos.evaluation });
      expect(comparison!.new_emr.n).toBe(of('evaluation'));
      expect(metrics === null).toBe(of('evaluation') === 0);
      // The old model is right about labels that were its own: nothing beats it.
      expect(comparison!.old_emr.value).toBe(of('evaluation') === 0 ? 0 : 1);
      const card = await send('GET', `/models/${trained.model}/card`);
      expect([card.headers['content-type'], card.body.slice(0, 8)]).toEqual(['text/markdown; charset=utf-8', '# second']); // prettier-ignore
    });

    it('activates a model and goes back while requests go on, and refuses one of other attributes', async () => {
      const photo = await jpeg();
      const old = here.shop.predictor.hash;
      const next = trained.model!;
      const asked = (async () => {
        const statuses: number[] = [];
        const hashes = new Set<string>();
        for (let at = 0; at < 40; at += 1) {
          const response = await here.shop.post('/api/v1/predict', formOf(['p', photo, 'a.jpg']));
          statuses.push(response.statusCode);
          hashes.add(predictAnswerSchema.parse(response.json()).model.hash);
        }
        return { statuses, hashes };
      })();
      const activated = modelListSchema.parse(await ok('POST', `/models/${next}/activate`, { who: 'ana' }));
      expect(activated.previous).toBe(old);
      expect(activated.models.filter(({ active }) => active).map(({ id }) => id)).toEqual([next]);
      expect(modelListSchema.parse(await ok('POST', '/models/rollback')).previous).toBeNull();
      expect(here.shop.predictor.hash).toBe(old);
      expect(await failure('POST', '/models/rollback')).toEqual([404, 'MODEL_NOT_FOUND']);
      await ok('POST', `/models/${next}/activate`);
      const { statuses, hashes } = await asked;
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect([...hashes].every((hash) => [old, next].includes(hash))).toBe(true);
      const answered = predictAnswerSchema.parse((await here.shop.post('/api/v1/predict', formOf(['p', photo, 'a.jpg']))).json()); // prettier-ignore
      expect(answered.model).toEqual({ name: 'second', hash: next });
      const broken = 'e'.repeat(64);
      await here.shop.database.orm.insert(models).values({ hash: broken, name: 'broken' });
      await writeFile(join(here.shop.folder, 'data', 'models', `${broken}.onnx`), 'no model');
      expect(await failure('POST', `/models/${broken}/activate`)).toEqual([422, 'MODEL_INVALID']);
      expect(await failure('POST', `/models/${'d'.repeat(64)}/activate`)).toEqual([404, 'MODEL_NOT_FOUND']);
      expect(here.shop.predictor.hash).toBe(next);
    });

    it('goes on with photos that were prepared for a model of another size', async () => {
      const file = join(here.shop.folder, 'larger.onnx');
      await writeFile(file, (await randomArtifact({ model: 'cnn', imageSize: 48 })).bytes);
      const path = join(here.shop.folder, 'photo.jpg');
      await writeFile(path, await jpeg());
      const prepared = await here.shop.predictor.prepare({ id: 'a', name: 'a', location: { kind: 'file', path } });
      const { hash } = await here.shop.models.files.install(file);
      await here.shop.predictor.swap(await here.shop.models.files.local(hash));
      const [answer] = await here.shop.predictor.answer([prepared]);
      expect(here.shop.predictor.modelOf(answer!).hash).toBe(hash);
      expect(answer!.prediction.attributes).toHaveLength(2);
      await here.shop.predictor.swap(await here.shop.models.files.local(trained.model!));
    });

    it('learns from a data set of its own, a folder or a zip, and says what is wrong with one', async () => {
      const folder = join(here.shop.folder, 'own');
      await drawWardrobe(folder, { count: 40, test: 0, seed: 9, size: 48 });
      const names = (await readdir(join(folder, 'train'))).map((name) => `train/${name}`);
      const members = await Promise.all(['train.csv', ...names].map(async (name) => ({ name, bytes: await readFile(join(folder, name)) }))); // prettier-ignore
      const settings = [['name', 'own zip'], ['approach', 'fine-tuning'], ['epochs', '1'], ['architecture', 'mobilenet_v2']] as const; // prettier-ignore
      const zip = formOf(...settings, ['data', zipBytes(members), 'wardrobe.zip']);
      const sent = await here.shop.post('/api/v1/trainings', zip);
      expect(sent.statusCode, sent.body).toBe(202);
      const fromZip = trainingSchema.parse(sent.json());
      expect(fromZip).toMatchObject({ data: 'wardrobe.zip', name: 'own zip', epochs: 1, architecture: 'mobilenet_v2' }); // prettier-ignore
      const fromFolder = trainingSchema.parse(await ok('POST', '/trainings', { data: { folder }, epochs: 1 }));
      expect(fromFolder.architecture).toBeNull();
      const frozen = [...(await knownParts(here.shop.database.orm)).values()].filter(
        (part) => part === 'evaluation',
      ).length;
      for (const { id } of [fromZip, fromFolder]) {
        const end = (await events(`/trainings/${id}/events`, (state) => trainingSchema.parse(state))).at(-1)!;
        expect(end, JSON.stringify(end.log)).toMatchObject({ state: 'done', history: [{ epoch: 1 }] });
        expect(end.photos.train! + end.photos.evaluation! - frozen).toBeGreaterThan(30);
      }
      const made = trainingSchema.parse(await ok('GET', `/trainings/${fromZip.id}`)).model!;
      const file = await readFile(await here.shop.models.files.local(made));
      expect(readMetadata(file, 'the model')['busana.provenance'].architecture).toBe('mobilenet_v2');
      expect((await list()).models.find(({ id }) => id === made)).toMatchObject({
        comparison: { old: here.shop.predictor.hash },
      });
      // Its photos have been read.
      expect(await readdir(join(here.shop.folder, 'data', 'trainings', 'archives'))).toEqual([]);
      const bad = zipBytes([{ name: 'train.csv', bytes: 'id,jenis,warna\n1,0,9\n' }]);
      const refused = trainingSchema.parse(
        (await here.shop.post('/api/v1/trainings', formOf(['data', bad, 'bad.zip']))).json(),
      );
      const end = (await events(`/trainings/${refused.id}/events`, (state) => trainingSchema.parse(state))).at(-1)!;
      expect(end.state).toBe('failed');
      expect(end.reason).toMatch(/^bad\.zip/);
      expect(await failure('POST', '/trainings', { data: { folder: 'own' } })).toEqual([400, 'USAGE']);
      expect(
        (await here.shop.post('/api/v1/trainings', formOf(['epochs', '0'], ['data', bad, 'bad.zip']))).statusCode,
      ).toBe(400);
      expect((await here.shop.post('/api/v1/trainings', formOf(['epochs', '1']))).statusCode).toBe(400);
    });

    it('removes the demo with one click, and nothing else', async () => {
      const own = await here.shop.post('/api/v1/imports', formOf(['p', await jpeg(3), 'own.jpg']));
      await events(`/imports/${importSchema.parse(own.json()).id}/events`, (state) => importSchema.parse(state));
      const [mine] = await findProducts(here.shop.database.orm, {}, { limit: 1 });
      const drawn = (await findProducts(here.shop.database.orm, {}, { limit: 2 }))[1]!;
      expect(demoStateSchema.parse(await ok('DELETE', '/demo'))).toEqual({ loaded: false, products: 0 });
      expect((await findProducts(here.shop.database.orm, {}, { limit: 200 })).map(({ id }) => id)).toEqual([mine!.id]);
      expect((await send('GET', `/photos/${mine!.photoHash}`)).statusCode).toBe(200);
      expect((await send('GET', `/photos/${drawn.photoHash}`)).statusCode).toBe(404);
    });
  });
});
