/**
 * @file Gives a model file that was delivered without it what tells unknown photos: mean embeddings of the classes of
 * the photos it was trained on. Parameters and answers stay as they are.
 *
 *     npx tsx tools/familiarity/main.ts MODEL DATA
 */
import { decodeModel, encodeModel } from '@busana/engine';
import { readFile } from 'node:fs/promises';
import { loadModel, openModel } from '../../packages/vision/src/artifact/model.ts';
import { PhotoStore } from '../../packages/vision/src/batches/photo-store.ts';
import { fingerprint } from '../../packages/vision/src/data/fingerprint.ts';
import { openDataset } from '../../packages/vision/src/data/open.ts';
import { writeOutput } from '../../packages/vision/src/output/write.ts';
import { describeFamiliarity, learnMeans } from '../../packages/vision/src/train/familiarity.ts';

const BATCH = 16;

const [file, source] = process.argv.slice(2);
if (file === undefined || source === undefined) throw new Error('name a model file and the data it was trained on');
const model = await loadModel(file);
const { photos } = await openDataset({ source });
const { data_fingerprint: trainedOn } = model.metadata['busana.provenance'];
if ((await fingerprint(photos)) !== trainedOn) throw new Error(`${source} is not what ${file} was trained on`);
const [size] = model.sizes as [number];
const store = await PhotoStore.create(photos, { size });
const embeddings: Float32Array[] = [];
for (let start = 0; start < photos.length; start += BATCH) {
  const batch = photos.slice(start, start + BATCH).map((_, index) => start + index);
  const { embedding } = await model.answer([await store.read(batch)], batch.length);
  const width = embedding!.length / batch.length;
  batch.forEach((_, row) => embeddings.push(embedding!.slice(row * width, (row + 1) * width)));
}
await store.release();
await model.release();
const learned = learnMeans(
  embeddings,
  photos.map(({ targets }) => targets.join()),
);
const familiarity = describeFamiliarity(learned, []);
const entries = { ...model.metadata, 'busana.familiarity': familiarity };
const metadata = Object.entries(entries).map(([name, value]) => [name, JSON.stringify(value)] as const);
const bytes = encodeModel(decodeModel(await readFile(file)).graph, {
  metadata: Object.fromEntries(metadata),
  producer: 'busana',
});
// Asks its test picture before it takes the place of the other.
await (await openModel(bytes, file)).release();
await writeOutput(file, bytes);
console.log(`${file}: ${photos.length} photos, threshold ${familiarity.threshold.toFixed(4)}`);
