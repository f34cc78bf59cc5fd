import { importSchema } from '@busana/contracts';
import { csvLine, predict, readTable, shippedModel } from '@busana/vision';
import { asc, eq } from 'drizzle-orm';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../vision/test/support/shared-data.ts';
import { openDatabase } from '../src/database/up-to-date.ts';
import { importItems } from '../src/database/schema/imports.ts';
import { productAttributes } from '../src/database/schema/labels.ts';
import { products } from '../src/database/schema/products.ts';
import { serve } from '../src/serve.ts';

const model = await shippedModel();
const version = '0.0.0';

/** Seconds for 1,111 photos on two cores. */
const LONGEST = 45;

describe.skipIf(sharedData === undefined || model === undefined)('the photos of the competition', () => {
  it('are imported in time, are what predict says of them, and make a submission', async () => {
    const photos = join(sharedData!, 'hology');
    const data = await mkdtemp(join(tmpdir(), 'busana-competition-'));
    try {
      const server = await serve({ host: '127.0.0.1', port: 0, data, model: model!, version });
      const api = `${server.address}/api/v1`;
      const begin = performance.now();
      const begun = await fetch(`${api}/imports`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ folder: photos }),
      });
      const { id } = importSchema.parse(await begun.json());
      await (await fetch(`${api}/imports/${id}/events`)).text();
      const seconds = (performance.now() - begin) / 1000;
      const end = importSchema.parse(await (await fetch(`${api}/imports/${id}`)).json());
      expect(end).toMatchObject({ state: 'done', total: 1111, failed: 0, waiting: 0 });
      process.stdout.write(`1,111 photos in ${seconds.toFixed(1)} s (${end.added} added, ${end.duplicates} duplicates)\n`); // prettier-ignore

      const sample = await readFile(join(photos, 'sample_submission.csv'));
      const form = new FormData();
      form.append('sample', new Blob([Uint8Array.from(sample)]), 'sample_submission.csv');
      const submission = await (await fetch(`${api}/exports/submission`, { method: 'POST', body: form })).text();
      await server.close();

      const out = join(data, 'predictions.csv');
      await predict({
        given: [model!, photos],
        format: 'csv',
        out,
        stdin: new PassThrough(),
        stdout: new PassThrough(),
      });
      const predicted = readTable(await readFile(out), out);
      const cell = (cells: readonly string[], name: string) => cells[predicted.header.indexOf(name)]!;
      const database = await openDatabase(join(data, 'database'));
      const { orm } = database;
      const items = await orm
        .select({
          name: importItems.name,
          id: products.id,
          status: products.status,
          reason: products.reason,
          labels: products.labels,
          joint: products.jointConfidence,
        }) // prettier-ignore
        .from(importItems)
        .innerJoin(products, eq(products.id, importItems.productId))
        .orderBy(asc(importItems.position));
      const confidences = new Map((await orm.select().from(productAttributes)).map((row) => [`${row.productId} ${row.attribute}`, row.confidence!])); // prettier-ignore
      await database.close();
      expect(items).toHaveLength(1111);
      const rows = new Map(predicted.rows.map(({ cells }) => [cell(cells, 'image').slice(photos.length + 1), cells]));
      for (const { name, id: product, status, reason, labels, joint } of items) {
        const cells = rows.get(name)!;
        const read = ['status', 'reason', 'jenis', 'warna'].map((column) => cell(cells, column));
        expect([name, status, reason, labels['jenis'], labels['warna']]).toEqual([name, ...read]);
        // What a batch is made of changes the last bits.
        expect(Math.abs(joint! - Number(cell(cells, 'joint_confidence')))).toBeLessThan(1e-4);
        for (const attribute of ['jenis', 'warna']) {
          const confidence = confidences.get(`${product} ${attribute}`)!;
          expect(Math.abs(confidence - Number(cell(cells, `${attribute}_confidence`)))).toBeLessThan(1e-4);
        }
      }

      const asked = readTable(sample, 'sample_submission.csv');
      const ids = asked.rows.map(({ cells }) => cells[0]!);
      const expected = ids.map((number) => {
        const cells = [...rows].find(([name]) => new RegExp(`^test/${number}\\.\\w+$`).test(name))![1];
        return csvLine([number, cell(cells, 'jenis'), cell(cells, 'warna')]);
      });
      expect(submission.trimEnd().split('\n')).toEqual([csvLine(asked.header), ...expected]);
      expect(seconds).toBeLessThan(LONGEST);
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  });
});
