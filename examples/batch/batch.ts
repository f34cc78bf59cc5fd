/** Reads every photo of a folder into JSON lines: node batch.ts FOLDER > photos.jsonl */
import { openPhotoReader } from '@busana/vision';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('node batch.ts FOLDER');

const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort();
const reader = await openPhotoReader(); // or a model file of your own

// The next photos are read and decoded while the network computes; lines keep the order of the names.
const AHEAD = 8;
const read = async (name: string) => reader.read(await readFile(join(folder, name)), name);
const waiting = names.slice(0, AHEAD).map(read);
for (let next = AHEAD; waiting.length > 0; next += 1) {
  const { image, attributes, joint_confidence, status, reason } = await waiting.shift()!;
  const labels = Object.fromEntries(attributes.map(({ name, label }) => [name, label]));
  process.stdout.write(`${JSON.stringify({ image, ...labels, joint_confidence, status, reason })}\n`);
  const name = names[next];
  if (name !== undefined) waiting.push(read(name));
}
await reader.release();
