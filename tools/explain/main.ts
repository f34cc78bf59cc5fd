/**
 * @file What explanations are worth on real photos: deletion areas (Petsiuk et al. 2018) of methods beside orders that know
 * nothing of the model, and whether explanations change when the weights do (Adebayo et al. 2018).
 *
 *     npx tsx tools/explain/main.ts PHOTOS [COUNT] [METHOD,METHOD] [MODEL]
 */
import type { ExplanationMethod } from '@busana/contracts';
import { Random } from '@busana/engine';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { shippedModel } from '../../packages/vision/src/artifact/shipped.ts';
import { readImageBytes } from '../../packages/vision/src/data/bytes.ts';
import { listPhotos } from '../../packages/vision/src/data/sources.ts';
import { readBackground } from '../../packages/vision/src/explain/background.ts';
import { deletionCurve } from '../../packages/vision/src/explain/faithfulness.ts';
import { heatOf } from '../../packages/vision/src/explain/heat.ts';
import { enlargeMap } from '../../packages/vision/src/explain/maps.ts';
import type { Explainer } from '../../packages/vision/src/explain/method.ts';
import { methods } from '../../packages/vision/src/explain/methods/table.ts';
import { targetsOf } from '../../packages/vision/src/explain/target.ts';
import { preparePicture } from '../../packages/vision/src/image/resize.ts';
import { randomised } from './randomised.ts';
import { rankCorrelation } from './rank-correlation.ts';

/** Of so many photos one is explained with randomised weights as well. */
const CORRELATED = 3;

const [source, count = '24', names = 'gradcam,partition', given] = process.argv.slice(2);
if (source === undefined) throw new Error('name a folder of photos');
const model = given ?? (await shippedModel())!;
const chosen = names.split(',') as ExplanationMethod[];
const stdin = new PassThrough().end();
const folder = await mkdtemp(join(tmpdir(), 'busana-explain-'));
const spoilt = join(folder, 'randomised.onnx');
await writeFile(spoilt, await randomised(model, 0));

const open = (file: string, name: ExplanationMethod): Promise<Explainer> =>
  methods[name].open(file, {
    samples: methods[name].samples ?? 0,
    masking: 'blur',
    seed: 0,
    background: async (size) => (await readBackground(undefined, { size, seed: 0, stdin })).photos,
  });
const explainers = await Promise.all(chosen.map((name) => open(model, name)));
const others = await Promise.all(chosen.map((name) => open(spoilt, name)));
const { subject } = explainers[0]!;
const { size } = subject;

/** Orders that know nothing of the model. */
const priors: Readonly<Record<string, (photo: string) => Float32Array>> = {
  'random pixels': (photo) => {
    const random = Random.of('pixels', photo);
    return Float32Array.from({ length: size * size }, () => random.uniform());
  },
  'random regions': (photo) => {
    const random = Random.of('regions', photo);
    return enlargeMap({ height: 7, width: 7, values: Float64Array.from({ length: 49 }, () => random.uniform()) }, size);
  },
  centre: () =>
    Float32Array.from({ length: size * size }, (_, at) => {
      return -Math.hypot(Math.floor(at / size) - size / 2 + 0.5, (at % size) - size / 2 + 0.5);
    }),
};

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
  const heats = new Map(chosen.map((method) => [method as string, [] as Float32Array[]]));
  for (const [at, method] of chosen.entries()) {
    heats.set(method, (await explainers[at]!.explain({ picture, targets })).map(heatOf));
    if (number % CORRELATED !== 0) continue;
    const changed = (await others[at]!.explain({ picture, targets })).map(heatOf);
    heats.get(method)!.forEach((heat, target) => {
      note(correlations, `${method}, values`, rankCorrelation(heat, changed[target]!));
      note(correlations, `${method}, sizes`, rankCorrelation(heat.map(Math.abs), changed[target]!.map(Math.abs)));
    });
  }
  for (const [prior, draw] of Object.entries(priors))
    heats.set(
      prior,
      targets.map(() => draw(name)),
    );
  for (const [order, list] of heats) {
    for (const [at, target] of targets.entries()) {
      const { area } = await deletionCurve({ subject, picture, target, importance: list[at]! });
      const byAttribute = areas.get(target.attribute) ?? new Map<string, number[]>();
      areas.set(target.attribute, byAttribute);
      note(byAttribute, order, area);
    }
  }
  done += 1;
  process.stderr.write(`${name}\n`);
}
await Promise.all([...explainers, ...others].map(({ release }) => release()));
await rm(folder, { recursive: true, force: true });

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Half the width of the 95 % interval of a mean. */
const margin = (values: readonly number[]): number => {
  const centre = mean(values);
  return 1.96 * Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
};
const print = (line: string): boolean => process.stdout.write(`${line}\n`);
for (const [attribute, orders] of areas) {
  print(`\n${attribute}, ${done} photos: deletion area, and how much larger that of each prior is (95 % interval)`);
  for (const [order, values] of orders) {
    const beside = chosen.includes(order as ExplanationMethod)
      ? Object.keys(priors).map((prior) => {
          const gains = orders.get(prior)!.map((area, at) => area - values[at]!);
          return `${prior} ${mean(gains).toFixed(3)} +- ${margin(gains).toFixed(3)}`;
        })
      : [];
    print(`| ${[order, mean(values).toFixed(3), ...beside].join(' | ')} |`);
  }
}
print('\nSpearman correlation with the same method on randomised weights');
for (const [method, values] of correlations) {
  print(
    `| ${method} | mean ${mean(values).toFixed(3)} | largest ${Math.max(...values).toFixed(3)} | ${values.length} |`,
  );
}
