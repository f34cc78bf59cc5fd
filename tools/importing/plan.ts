/** @file `npm run bench:plan [-- PHOTOS]`: what it takes to make the jobs of an import of a million photos, in time and memory. */
import { garments } from '@busana/vision';
import { sql } from 'drizzle-orm';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { openDatabase } from '../../packages/server/src/database/up-to-date.ts';
import { createImport } from '../../packages/server/src/imports/create.ts';
import { entriesOf, type NamedTable } from '../../packages/server/src/imports/entries.ts';
import { planImport, receiveAll } from '../../packages/server/src/imports/make-jobs.ts';
import { JobQueue } from '../../packages/server/src/jobs/queue.ts';
import { startPostgres } from '../../packages/server/test/support/postgres.ts';
import { readArguments, refuse } from '../bench/command-line.ts';

const help = `
npm run bench:plan -- [PHOTOS]

Makes the jobs of an import in a PostgreSQL of its own: seconds, and the most memory that this process has had before and
after. A third of the photos share a product, one in twenty its file with another. Then the same for the list that an import
is made of, without a table and with one. Needs Linux and PostgreSQL's programs.

  PHOTOS   how many (default: 1000000)

Example: npm run bench:plan -- 100000
`;
const { positionals } = readArguments({ options: {}, allowPositionals: true }, help);
const photos = Number(positionals[0] ?? 1_000_000);
if (!(Number.isInteger(photos) && photos > 0)) refuse('the number of photos is whole and above 0');

/** Every third row with a number, as the rows above. */
function tableOf(rows: number): NamedTable {
  const lines = Array.from({ length: rows }, (_, at) => `${at}.jpg,${at % 3 === 0 ? `K-${Math.floor(at / 9)}` : ''},9.50,Kaos ${at}`); // prettier-ignore
  return { name: 'stock.csv', bytes: Buffer.from(['image,sku,price,title', ...lines].join('\n')) };
}

/** The most that this process has had, in MB. */
async function peak(): Promise<number> {
  return Number(/VmHWM:\s+(\d+)/.exec(await readFile('/proc/self/status', 'utf8'))?.[1]) / 1000;
}

const postgres = await startPostgres();
try {
  const database = await openDatabase(postgres.url);
  const { orm, close } = database;
  await orm.execute(sql`insert into imports (source, total) values ('a bench', ${photos})`);
  await orm.execute(
    sql.raw(`insert into import_items (import_id, position, name, location, product)
    select 1, at, at || '.jpg', jsonb_build_object('kind', 'stored', 'key', 'photos/' || at),
      case when at % 3 = 0 then jsonb_build_object('sku', 'K-' || at / 9) else '{}' end
    from generate_series(0, ${photos - 1}) as at`),
  );
  await orm.execute(sql`vacuum analyze import_items`);
  console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, node ${process.version}; ${photos} photos`);
  for (const [name, making] of [
    ['to bring them into the storage', receiveAll],
    ['to ask the model', planImport],
  ] as const) {
    // prettier-ignore
    let jobs = 0;
    const queue = { add: (_: unknown, some: readonly unknown[]) => Promise.resolve(void (jobs += some.length)) };
    const [begin, before] = [performance.now(), await peak()];
    await orm.transaction((transaction) => making(transaction, queue, 1));
    const seconds = (performance.now() - begin) / 1000;
    console.log(`jobs ${name}: ${jobs} in ${seconds.toFixed(1)} s, at most ${(await peak()).toFixed(0)} MB (${before.toFixed(0)} before)`); // prettier-ignore
    await orm.execute(sql`update import_items set photo_hash = md5((position - position % 20 / 19)::text)`);
  }
  // The list of what is imported is in memory, whole, until it is written.
  for (const [name, table] of [
    ['photos of a folder', undefined],
    ['rows of a table', tableOf(photos)],
  ] as const) {
    const [begin, before] = [performance.now(), await peak()];
    const given = Array.from({ length: photos }, (_, at) => ({ name: `${at}.jpg`, location: { kind: 'file' as const, path: `/photos/${at}.jpg` } })); // prettier-ignore
    const entries = entriesOf({ photos: given, table }, garments.attributes);
    const listed = performance.now();
    await createImport(orm, new JobQueue(database, () => Promise.resolve()), { source: 'a bench', archive: null, entries }); // prettier-ignore
    const [list, write] = [listed - begin, performance.now() - listed].map((milliseconds) => (milliseconds / 1000).toFixed(1)); // prettier-ignore
    console.log(`${name}: listed in ${list} s, written with their jobs in ${write} s, at most ${(await peak()).toFixed(0)} MB (${before.toFixed(0)} before)`); // prettier-ignore
  }
  await close();
} finally {
  await postgres.stop();
}
