/**
 * @file What explanations are worth on real photos: areas of deletion and insertion (Petsiuk et al. 2018) of methods beside
 * orders that know nothing of the model, and whether explanations change when the weights do (Adebayo et al. 2018). A method
 * is named with what it explains: `partition` (log-odds), `partition:output`, `gradcam`.
 *
 *     npx tsx tools/explain/main.ts PHOTOS [COUNT] [METHOD,METHOD] [MODEL]
 */
import type { ExplainedScore, ExplanationMethod } from '@busana/contracts';
import { Random } from '@busana/engine';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { shippedModel } from '../../packages/vision/src/artifact/shipped.ts';
import { readImageBytes } from '../../packages/vision/src/data/bytes.ts';
import { listPhotos } from '../../packages/vision/src/data/sources.ts';
import { readBackground } from '../../packages/vision/src/explain/background.ts';
import { heatOf } from '../../packages/vision/src/explain/heat.ts';
import type { Explainer } from '../../packages/vision/src/explain/method.ts';
import { methods } from '../../packages/vision/src/explain/methods/table.ts';
import { targetsOf } from '../../packages/vision/src/explain/target.ts';
import { preparePicture } from '../../packages/vision/src/image/resize.ts';
import { areasOf, type MeasureName } from './areas.ts';
import { priorsOf } from './priors.ts';
import { randomised } from './randomised.ts';
import { rankCorrelation } from './rank-correlation.ts';
import { printAreas, printCorrelations } from './summary.ts';

/** Of so many photos one is explained with randomised weights as well. */
const CORRELATED = 6;

const [source, count = '24', names = 'gradcam,partition', given] = process.argv.slice(2);
if (source === undefined) throw new Error('name a folder of photos');
const model = given ?? (await shippedModel())!;
const chosen = names.split(',');
const stdin = new PassThrough().end();
const folder = await mkdtemp(join(tmpdir(), 'busana-explain-'));
const spoilt = join(folder, 'randomised.onnx');
await writeFile(spoilt, await randomised(model, 0));

const open = (file: string, wish: string): Promise<Explainer> => {
  const [name, score] = wish.split(':') as [ExplanationMethod, ExplainedScore?];
  return methods[name].open(file, {
    samples: methods[name].samples ?? 0,
    masking: 'blur',
    score,
    seed: 0,
    background: async (size) => (await readBackground(undefined, { size, seed: 0, stdin })).photos,
  });
};
const explainers = await Promise.all(chosen.map((name) => open(model, name)));
const others = await Promise.all(chosen.map((name) => open(spoilt, name)));
const { subject } = explainers[0]!;
const { size } = subject;
const priors = priorsOf(size);

/** By attribute and measure, then by order: a number per photo. */
const areas = new Map<string, Map<string, number[]>>();
const correlations = new Map<string, number[]>();
const note = <K>(map: Map<K, number[]>, key: K, value: number): void => {
  map.set(key, [...(map.get(key) ?? []), value]);
};

const photos = Random.of('explained photos')
  .shuffle(await listPhotos([source], stdin))
  .slice(0, Number(count));
// Who stops it early gets the figures of the photos that were done.
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopped = true));
let done = 0;
for (const [number, { name, location }] of photos.entries()) {
  if (stopped) break;
  const picture = (await preparePicture(await readImageBytes(location), size)).data;
  const targets = targetsOf(subject, {}, await subject.answer(picture, 1));
  const heats = new Map<string, readonly Float32Array[]>();
  for (const [at, method] of chosen.entries()) {
    const own = (await explainers[at]!.explain({ picture, targets })).map(heatOf);
    heats.set(method, own);
    if (number % CORRELATED !== 0) continue;
    const changed = (await others[at]!.explain({ picture, targets })).map(heatOf);
    own.forEach((heat, target) => {
      note(correlations, `${method}, values`, rankCorrelation(heat, changed[target]!));
      note(correlations, `${method}, sizes`, rankCorrelation(heat.map(Math.abs), changed[target]!.map(Math.abs)));
    });
  }
  for (const [prior, draw] of Object.entries(priors)) {
    const order = draw(name);
    heats.set(
      prior,
      targets.map(() => order),
    );
  }
  for (const [order, list] of heats) {
    for (const [at, target] of targets.entries()) {
      const found = await areasOf(subject, picture, target, list[at]!);
      for (const measure of Object.keys(found) as MeasureName[]) {
        for (const unit of ['probability', 'logOdds'] as const) {
          const title = `${target.attribute}, ${measure}, ${unit}`;
          const byOrder = areas.get(title) ?? new Map<string, number[]>();
          areas.set(title, byOrder);
          note(byOrder, order, found[measure][unit]);
        }
      }
    }
  }
  done += 1;
  process.stderr.write(`${done} ${name}\n`);
}
await Promise.all([...explainers, ...others].map(({ release }) => release()));
await rm(folder, { recursive: true, force: true });
printAreas(areas, chosen, Object.keys(priors));
printCorrelations(correlations);
