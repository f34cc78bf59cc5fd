/**
 * @file `npm run bench:import [-- PHOTOS]`: what a photo costs that is imported into a catalogue on PostgreSQL: processor
 * time of the server and of the database, bytes in the database table by table, bytes on the disk.
 */
import { sql } from 'drizzle-orm';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Orm } from '../../packages/server/src/database/open.ts';
import { openDatabase } from '../../packages/server/src/database/up-to-date.ts';
import { startPostgres } from '../../packages/server/test/support/postgres.ts';
import { readArguments, refuse } from '../bench/command-line.ts';
import { startServer, usageOf } from '../load/server.ts';
import { drawPhotos } from '../scale/draw.ts';

const help = `
npm run bench:import -- [PHOTOS] [--folder FOLDER]

What a photo costs that is imported: processor time, bytes in PostgreSQL, bytes on the disk. Photos are drawn, 96 px, unless
there is a folder of others. Needs Linux and PostgreSQL's programs.

  PHOTOS            how many are drawn (default: 3000)
  --folder FOLDER   photos to import instead

Example: npm run bench:import -- 1000
`;
const { values, positionals } = readArguments(
  { options: { folder: { type: 'string' } }, allowPositionals: true },
  help,
);
const wanted = Number(positionals[0] ?? 3000);
if (!(Number.isInteger(wanted) && wanted > 0)) refuse('the number of photos is whole and above 0');

const importSchema = z.object({ id: z.number(), state: z.string(), added: z.number(), total: z.number() });

const drawn = await mkdtemp(join(tmpdir(), 'busana-import-'));
const folder = values.folder === undefined ? drawn : resolve(values.folder);
const postgres = await startPostgres();
try {
  if (folder === drawn) await drawPhotos(folder, wanted);
  const server = await startServer(['--database', postgres.url]);
  const database = await openDatabase(postgres.url);
  try {
    await measure(server, database.orm);
  } finally {
    await database.close();
    await server.close();
  }
} finally {
  await postgres.stop();
  await rm(drawn, { recursive: true, force: true });
}

async function measure({ address, pid, data }: Awaited<ReturnType<typeof startServer>>, orm: Orm): Promise<void> {
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const sent = body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    };
    const answer = await fetch(`${address}/api/v1${path}`, sent);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return /json/.test(answer.headers.get('content-type') ?? '') ? answer.json() : answer.arrayBuffer();
  };
  const [before, tablesBefore] = [await usageOf(pid), await sizesOf(orm)];
  const [used, begin] = [await processorOf(orm), performance.now()];
  let state = importSchema.parse(await ask('/imports', { folder }));
  while (state.state === 'running') {
    await setTimeout(200);
    state = importSchema.parse(await ask(`/imports/${state.id}`));
  }
  const seconds = (performance.now() - begin) / 1000;
  const [after, usedAfter] = [await usageOf(pid), await processorOf(orm)];
  const [own, its] = [after.processor - before.processor, usedAfter - used];
  console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, node ${process.version}`);
  const count = state.total;
  console.log(`${state.added} of ${count} photos in ${seconds.toFixed(1)} s: ${(count / seconds).toFixed(1)}/s; per photo ${((1000 * own) / count).toFixed(1)} ms of processor in the server, ${((1000 * its) / count).toFixed(1)} ms in PostgreSQL: ${Math.round((3600 * count) / (own + its))} photos a core-hour`); // prettier-ignore
  await orm.execute(sql`vacuum analyze`);
  let all = 0;
  for (const [table, bytes] of await sizesOf(orm)) {
    const grown = bytes - (tablesBefore.get(table) ?? 0);
    all += grown;
    if (grown / count >= 1) console.log(`  ${table}: ${(grown / count).toFixed(0)} bytes a photo`);
  }
  console.log(`PostgreSQL: ${(all / count).toFixed(0)} bytes a photo`);
  // Thumbnails are drawn when they are looked at.
  const hashes = await readdir(join(data, 'photos'), { recursive: true });
  for (const hash of hashes.filter((name) => /[0-9a-f]{64}$/.test(name)).slice(0, 200)) {
    await ask(`/photos/${hash.slice(-64)}/thumbnail`);
  }
  for (const kind of ['photos', 'thumbnails']) {
    const { files, bytes } = await filesOf(join(data, kind));
    console.log(`${kind}: ${(bytes / files).toFixed(0)} bytes a photo (${files} files)`);
  }
  console.log(`memory of the server: ${before.mib.toFixed(0)} -> ${after.mib.toFixed(0)} MiB`);
}

/** Processor seconds of what the database does for others so far. */
async function processorOf(orm: Orm): Promise<number> {
  const { rows } = (await orm.execute(sql`select pid from pg_stat_activity`)) as { rows: { pid: number }[] };
  const usages = await Promise.all(rows.map(({ pid }) => usageOf(pid).catch(() => undefined)));
  return usages.reduce((sum, usage) => sum + (usage?.processor ?? 0), 0);
}

/** Bytes of each table with its indexes. */
async function sizesOf(orm: Orm): Promise<Map<string, number>> {
  const { rows } = (await orm.execute(sql`
    select schemaname || '.' || relname as name, pg_total_relation_size(relid)::float8 as bytes from pg_stat_user_tables
    order by 2 desc`)) as { rows: { name: string; bytes: number }[] };
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

async function filesOf(place: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
