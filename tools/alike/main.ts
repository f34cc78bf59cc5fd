/**
 * @file `npm run bench:alike -- MODEL PRODUCTS.csv [SPLITS.csv]`: search by photo over a catalogue with labels: the mean
 * precision at 5 of articleType and baseColour, every photo against all others; with the run's splits also of photos that
 * the model was not trained on. PRODUCTS.csv has a column `id`, and the folder beside it `images`.
 */
import {
  appearanceOf,
  answerBatch,
  openModelThread,
  prepareBatches,
  readTable,
  structureOf,
  type Photo,
} from '@busana/vision';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mean, precisions, type Looked } from './precision.ts';

const ATTRIBUTES = ['articleType', 'baseColour'];

const [modelPath, table, splits] = process.argv.slice(2);
if (modelPath === undefined || table === undefined) throw new Error('give a model and a table of products');
const { header, rows } = readTable(await readFile(table), table);
const cellOf = (cells: readonly string[], name: string) => cells[header.indexOf(name)]!;
const photos = rows.map(({ cells }): Photo => {
  const id = cellOf(cells, 'id');
  return { id, name: id, location: { kind: 'file', path: join(dirname(table), 'images', `${id}.jpg`) } };
});
const labels = new Map(rows.map(({ cells }) => [cellOf(cells, 'id'), Object.fromEntries(ATTRIBUTES.map((name) => [name, cellOf(cells, name)]))])); // prettier-ignore

const model = await openModelThread(modelPath);
const looked: (Looked & { readonly id: string })[] = [];
for await (const batch of prepareBatches(photos, model.sizes)) {
  const answers = await answerBatch(model, batch);
  for (const [at, prepared] of batch.entries()) {
    const { embedding } = answers[at]!;
    if (embedding === undefined || !('pictures' in prepared)) continue;
    const [side] = model.sizes as [number];
    const structure = await structureOf({ width: side, height: side, data: prepared.pictures[0]! });
    const { id } = prepared.photo;
    looked.push({ id, appearance: appearanceOf(embedding, structure), labels: labels.get(id)! });
  }
}
await model.release();

const trained = splits === undefined ? new Set<string>() : trainedOn(readTable(await readFile(splits), splits).rows);
const found = precisions(looked, ATTRIBUTES);
const say = (name: string, chosen: readonly number[]) =>
  process.stdout.write(`${name}: ${chosen.length} photos; ${ATTRIBUTES.map((attribute) => `${attribute} ${mean(chosen.map((at) => found[attribute]![at]!)).toFixed(4)}`).join(', ')}\n`); // prettier-ignore
const all = looked.map((_, at) => at);
say('all', all);
if (splits !== undefined) say('not trained on', all.filter((at) => !trained.has(looked[at]!.id))); // prettier-ignore

/** Photos of fold 0: a run with `--val` holds fold 1 back. */
function trainedOn(lines: readonly { readonly cells: readonly string[] }[]): Set<string> {
  const kept = lines.filter(({ cells }) => cells[1] === '0');
  return new Set(kept.map(({ cells }) => cells[0]!.replace(/^.*\//, '').replace(/\.\w+$/, '')));
}
