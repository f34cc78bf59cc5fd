/** The library as a program of one's own uses it: draws photos, loads the model that comes with it, reads one. */
import { drawWardrobe, loadModel, openPhotoReader, shippedModel, type Model, type PhotoReader } from '@busana/vision';
import { copyFile, readFile } from 'node:fs/promises';

await drawWardrobe('wardrobe', { count: 2, test: 0, seed: 1 });
await copyFile('wardrobe/train/1.jpg', 'photo.jpg');

const file: string | undefined = await shippedModel();
if (file === undefined) throw new Error('no model came with the package');
const model: Model = await loadModel(file);
const names: readonly string[] = model.metadata['busana.schema'].attributes.map(({ name }) => name);
await model.release();

// @ts-expect-error where the types do not arrive, nothing is wrong
const wrong: number = model;
void wrong;

const reader: PhotoReader = await openPhotoReader();
const { attributes, status } = await reader.read(await readFile('photo.jpg'), 'photo.jpg');
await reader.release();
console.log(JSON.stringify({ names, labels: attributes.map(({ label }) => label), status }));
