/**
 * @file `npm run bench:forms [-- --out FILE]`: times every form of every weight gradient that the networks of the
 * benchmark have, on this machine, and writes those that are fastest into the table of its block size. What the table says
 * of other shapes stays.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  formsOf,
  modelledForm,
  nameOfShape,
} from '../../../packages/engine/src/lowering/blocked/weight-gradient-forms.ts';
import { blockSize } from '../../../packages/engine/src/runtime/block-size.ts';
import { shapesOfZoo } from './shapes.ts';
import { secondsOf } from './timing.ts';

const TABLE = join(import.meta.dirname, '../../../packages/engine/src/lowering/blocked/weight-gradient-forms.json');
const tableSchema = z.record(z.string(), z.record(z.string(), z.string()));
/** What is faster by less than this is noise; the model's form stays. */
const WORTH = 0.95;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: TABLE } } });
  const block = await blockSize();
  if (block === undefined) throw new Error('this processor has no blocked layout, and no forms to choose from');
  const fastest: Record<string, string> = {};
  for (const shape of shapesOfZoo(block)) {
    const modelled = modelledForm(shape, block);
    const times = await secondsOf(shape, formsOf(shape, block), block);
    const [best] = [...times].reduce((a, b) => (b[1] < a[1] ? b : a));
    const chosen = times.get(best)! < WORTH * times.get(modelled)! ? best : modelled;
    fastest[nameOfShape(shape)] = chosen;
    const each = [...times].map(([form, seconds]) => `${form} ${(seconds * 1e3).toFixed(2)}`);
    process.stdout.write(`${nameOfShape(shape)}\t${chosen}\tmodel: ${modelled}\tms: ${each.join(', ')}\n`);
  }
  const before = tableSchema.parse(JSON.parse(await readFile(TABLE, 'utf8')));
  const lines = JSON.stringify({ ...before, [block]: { ...before[block], ...fastest } }, undefined, 2);
  await writeFile(`${values.out}.new`, `${lines}\n`);
  await rename(`${values.out}.new`, values.out);
}

await main();
