/** @file The model that comes with busana, as a newcomer meets it. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../src/artifact/model.ts';
import { shippedModel } from '../../src/artifact/shipped.ts';
import { examine } from '../../src/doctor.ts';
import { predict } from '../../src/predict/predict.ts';
import { garments } from '../../src/taxonomy/builtin.ts';
import { sharedData } from '../support/shared-data.ts';
import { folderWith, jpeg } from '../support/temporary.ts';

const file = (await shippedModel())!;
const nothing = () => new PassThrough().end();

describe('the shipped model', () => {
  it('is small, answers its test picture, and reads type and colour', async () => {
    expect((await stat(file)).size).toBeLessThanOrEqual(20_000_000);
    const model = await loadModel(file);
    await model.release();
    const { 'busana.schema': schema, 'busana.thresholds': thresholds, 'busana.provenance': made } = model.metadata;
    expect(schema.attributes).toEqual(garments.attributes);
    expect(made).toMatchObject({ photos: 777, created_by: 'busana train' });
    expect(thresholds.coverage).toBeGreaterThan(0.8);
    expect(thresholds.emr).toBeGreaterThanOrEqual(0.99);
  });

  it('has a card of its own, with measured figures', async () => {
    const model = await loadModel(file);
    await model.release();
    const card = await readFile(file.replace('.onnx', '.md'), 'utf8');
    expect(card).toContain(model.metadata['busana.provenance'].data_fingerprint);
    expect(card).toContain(`joint confidence of ${model.metadata['busana.thresholds'].accept.toFixed(3)} on`);
    expect(card).toMatch(/EMR 0\.9\d{3} \(95 % interval 0\.9\d{3} to 0\.9\d{3}, 777 photos\)/);
  });

  it('is what predict takes when no model is named', async () => {
    const folder = await folderWith({ 'a.jpg': await jpeg(1), 'b.jpg': await jpeg(2) });
    const out = join(folder, 'p.csv');
    await predict({ given: [folder], format: 'csv', out, stdin: nothing(), stdout: process.stdout });
    const [header, ...rows] = (await readFile(out, 'utf8')).trim().split('\n');
    expect(header).toContain('jenis,jenis_label,jenis_confidence,warna,warna_label');
    expect(rows.map((row) => row.split(',').at(-1))).toEqual(['garments', 'garments']);
  });

  it('is checked by the doctor', async () => {
    const { checks } = await examine();
    expect(checks.find(({ name }) => name === 'the shipped model')).toMatchObject({ ok: true });
  });

  it.skipIf(sharedData === undefined)('writes a whole submission', async () => {
    const data = join(sharedData ?? '', 'hology');
    const out = join(await folderWith(), 'submission.csv');
    await predict({
      given: [join(data, 'test')],
      format: 'submission',
      sample: join(data, 'sample_submission.csv'),
      out,
      stdin: nothing(),
      stdout: process.stdout,
    });
    const ids = (text: string) => text.trim().split(/\r?\n/).map((line) => line.split(',')[0]); // prettier-ignore
    const [written, sample] = [
      await readFile(out, 'utf8'),
      await readFile(join(data, 'sample_submission.csv'), 'utf8'),
    ];
    expect(ids(written)).toEqual(ids(sample));
    expect(written).toMatch(/^id,jenis,warna\n(\d+,[01],[0-4]\n){334}$/);
  });
});
