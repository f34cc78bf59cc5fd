/**
 * @file What explanations are worth on real photos: areas of deletion and insertion (Petsiuk et al. 2018) of methods beside
 * orders that know nothing of the model, by how much values miss what they add up to, and whether explanations change when
 * the weights do (Adebayo et al. 2018). A method is named with what it explains: `partition` (log-odds), `partition:output`,
 * `gradcam`. What is measured is added to ROWS, where a further run finds it: it goes on where the last one was stopped.
 * Photos are drawn by chance, and COUNT of them are explained, or those from FROM to before TO; several runs may share ROWS.
 *
 *     npx tsx tools/explain/main.ts PHOTOS ROWS.jsonl [COUNT|FROM-TO] [METHOD,METHOD] [MODEL]
 */
import type { ExplainedScore, ExplanationMethod } from '@busana/contracts';
import { Random } from '@busana/engine';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { shippedModel } from '../../packages/vision/src/artifact/shipped.ts';
import { readImageBytes } from '../../packages/vision/src/data/bytes.ts';
import { listPhotos } from '../../packages/vision/src/data/sources.ts';
import { readBackground } from '../../packages/vision/src/explain/background.ts';
import { heatOf } from '../../packages/vision/src/explain/heat.ts';
import type { Attribution, Explainer } from '../../packages/vision/src/explain/method.ts';
import { methods } from '../../packages/vision/src/explain/methods/table.ts';
import { targetsOf } from '../../packages/vision/src/explain/target.ts';
import { preparePicture } from '../../packages/vision/src/image/resize.ts';
import { areasOf } from './areas.ts';
import { priorsOf } from './priors.ts';
import { randomised } from './randomised.ts';
import { rankCorrelation } from './rank-correlation.ts';
import { readRows, type Row } from './row.ts';
import { printAreas, printCorrelations, printSums } from './summary.ts';

/** Of so many photos one is explained with randomised weights as well. */
const CORRELATED = 6;

const [source, file, count = '48', names = 'gradcam,partition', given] = process.argv.slice(2);
if (source === undefined || file === undefined)
  throw new Error('name a folder of photos, and a file of rows to add to');
const model = given ?? (await shippedModel())!;
const chosen = names.split(',');
const [from, to] = count.includes('-') ? (count.split('-').map(Number) as [number, number]) : [0, Number(count)];
const stdin = new PassThrough().end();
const folder = await mkdtemp(join(tmpdir(), 'busana-explain-'));
const spoilt = join(folder, 'randomised.onnx');
await writeFile(spoilt, await randomised(model, 0));

const open = (path: string, wish: string): Promise<Explainer> => {
  const [name, score] = wish.split(':') as [ExplanationMethod, ExplainedScore?];
  return methods[name].open(path, {
    samples: methods[name].samples ?? 0,
    masking: 'blur',
    score,
    seed: 0,
    // Two runs of one thread each do more than one of two where the processor has other work.
    threads: 1,
    background: async (size) => (await readBackground(undefined, { size, seed: 0, stdin })).photos,
  });
};
const explainers = await Promise.all(chosen.map((name) => open(model, name)));
const others = await Promise.all(chosen.map((name) => open(spoilt, name)));
const { subject } = explainers[0]!;
const priors = priorsOf(subject.size);
const rows = await readRows(file);

const photos = Random.of('explained photos')
  .shuffle(await listPhotos([source], stdin))
  .slice(from, to);
for (const [index, { name, location }] of photos.entries()) {
  const number = from + index;
  const wanted = (order: string): boolean => !rows.some((row) => row.photo === name && row.order === order);
  const orders = [...chosen, ...Object.keys(priors)].filter(wanted);
  if (orders.length === 0) continue;
  const picture = (await preparePicture(await readImageBytes(location), subject.size)).data;
  const targets = targetsOf(subject, {}, await subject.answer(picture, 1));
  const found: Row[] = [];
  for (const order of orders) {
    const at = chosen.indexOf(order);
    const explained = at === -1 ? undefined : await explainers[at]!.explain({ picture, targets });
    const changed =
      explained !== undefined && number % CORRELATED === 0
        ? await others[at]!.explain({ picture, targets })
        : undefined;
    for (const [place, target] of targets.entries()) {
      const importance = explained === undefined ? priors[order]!(name) : heatOf(explained[place]!);
      const missed = explained && missedBy(explained[place]!);
      found.push({
        photo: name,
        attribute: target.attribute,
        order,
        areas: await areasOf(subject, picture, target, importance),
        ...(missed && { missed }),
        ...(changed && { randomised: correlationOf(importance, heatOf(changed[place]!)) }),
      });
    }
  }
  await appendFile(file, found.map((row) => `${JSON.stringify(row)}\n`).join(''));
  rows.push(...found);
  process.stderr.write(`${index + 1} of ${photos.length}: ${name}\n`);
}
await Promise.all([...explainers, ...others].map(({ release }) => release()));
await rm(folder, { recursive: true, force: true });
printSums(rows, chosen);
printAreas(rows, chosen, Object.keys(priors));
printCorrelations(rows, chosen);

function missedBy({ values, sum }: Attribution): Row['missed'] {
  if (sum === undefined) return undefined;
  const error = Math.abs(sum.base + values.reduce((total, value) => total + value, 0) - sum.full);
  return { share: error / sum.range, range: sum.range, error };
}

function correlationOf(own: Float32Array, other: Float32Array): NonNullable<Row['randomised']> {
  return {
    values: rankCorrelation(own, other),
    sizes: rankCorrelation(own.map(Math.abs), other.map(Math.abs)),
  };
}
