/**
 * @file `npm run bench:catalogue [-- PRODUCTS]`: how long the HTTP interface takes to answer on a catalogue of 100,000
 * made-up products, on the embedded database and on PostgreSQL. Fails where a median is above 100 ms.
 */
import { sql } from 'drizzle-orm';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresPrograms, startPostgres } from '../../packages/server/test/support/postgres.ts';
import { openShop, type Shop } from '../../packages/server/test/support/shop.ts';
import { fillCatalogue } from './fill.ts';

const PRODUCTS = Number(process.argv[2] ?? 100_000);
/** Numbers of an appearance by the model that comes with busana. */
const WIDTH = 1728;
const RUNS = 15;
/** Milliseconds. */
const LIMIT = 100;

/** What is asked, in another form each time. */
const questions: Readonly<Record<string, (run: number) => string>> = {
  'newest 50, facets': () => 'products?limit=50',
  'a page in the middle': (run) => `products?limit=50&before=${Math.round(PRODUCTS / 2) + run}`,
  'one label': (run) => `products?warna=${run % 5}`,
  'two labels': (run) => `products?warna=${run % 5}&jenis=${run % 2}`,
  'labels no product has together, and a status': () => 'products?warna=0&warna=1&jenis=1&status=unknown',
  status: () => 'products?status=review',
  '"kaos merah"': () => 'products?q=kaos%20merah',
  '"hodie hitam", a letter wrong': () => 'products?q=hodie%20hitam',
  'a word of every tenth title': () => 'products?q=katun',
  'two words of titles and a colour': () => 'products?q=lengan%20panjang%20biru',
  'a word of every fifth title': () => 'products?q=atasan',
  'a rare word': (run) => `products?q=seri${run * 61}`,
  'a word of no title': (run) => `products?q=celana${run}`,
  'a number': (run) => `products?q=K-${String(run * 5003 + 1).padStart(7, '0')}`,
  'stock matrix': () => 'products/stock',
  'stock matrix of a word': () => 'products/stock?q=premium',
  'one product': (run) => `products/${run * 6000 + 1}`,
  'products that look like one': (run) => `products/${run * 6000 + 1}/similar`,
};

async function median(shop: Shop, question: (run: number) => string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const begin = performance.now();
    const { statusCode, body } = await shop.app.inject(`/api/v1/${question(run)}`);
    times.push(performance.now() - begin);
    if (statusCode !== 200) throw new Error(`${question(run)} is answered with ${statusCode}: ${body}`);
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
}

const columns: { readonly name: string; readonly version: string; readonly filled: number; readonly first: number; readonly times: number[] }[] = []; // prettier-ignore
const folder = await mkdtemp(join(tmpdir(), 'busana-catalogue-'));
const postgres = postgresPrograms === undefined ? undefined : await startPostgres();
for (const [name, where] of [
  ['embedded', join(folder, 'database')],
  ['PostgreSQL', postgres?.url],
] as const) {
  // prettier-ignore
  if (where === undefined) continue;
  const shop = await openShop(where);
  const { orm } = shop.database;
  const begin = performance.now();
  await fillCatalogue(orm, PRODUCTS, shop.predictor.hash, WIDTH);
  const filled = performance.now() - begin;
  const asked = performance.now();
  await shop.lookAlikes.find(new Int8Array(WIDTH).fill(1), 1);
  const first = performance.now() - asked;
  const times: number[] = [];
  for (const question of Object.values(questions)) times.push(await median(shop, question));
  const { rows } = await orm.execute<{ version: string }>(sql`select current_setting('server_version') as version`) as { rows: { version: string }[] }; // prettier-ignore
  columns.push({ name, version: rows[0]!.version, filled, first, times });
  await shop.close();
}
await postgres?.stop();
await rm(folder, { recursive: true, force: true });
const say = (cells: readonly string[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);
process.stdout.write(`${PRODUCTS} products; median of ${RUNS} answers in ms; ${cpus()[0]?.model ?? ''}, ${cpus().length} cores, node ${process.version}\n\n`); // prettier-ignore
say(['', ...columns.map(({ name, version }) => `${name} (${version})`)]);
say(['---', ...columns.map(() => '--:')]);
Object.keys(questions).forEach((name, at) => say([name, ...columns.map(({ times }) => times[at]!.toFixed(1))]));
say(['reading all appearances, once', ...columns.map(({ first }) => first.toFixed(0))]);
say(['(writing the catalogue)', ...columns.map(({ filled }) => filled.toFixed(0))]);
process.exitCode = columns.every(({ times }) => times.every((time) => time < LIMIT)) ? 0 : 1;
