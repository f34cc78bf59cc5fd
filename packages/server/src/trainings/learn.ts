/** @file A model from labels that people have confirmed, compared with the one before on photos that neither has seen. */
import { BusanaError, trainingConfigSchema, type Taxonomy, type TrainingEpoch } from '@busana/contracts';
import {
  csvLine,
  evaluateModel,
  hasCode,
  isThere,
  readMetadata,
  readTable,
  train,
  writeOutput,
  type RunEvent,
} from '@busana/vision';
import { link, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfirmedPhoto, Learnt, LearnTask, Tell } from '../jobs/tasks.ts';
import { compareModels, notMeasured } from './comparison.ts';

/** Goes on from the last epoch of a training that was interrupted. */
export async function learn(task: LearnTask, tell: Tell): Promise<Learnt> {
  const { folder, cache, base, threads, evaluation } = task;
  const metadata = readMetadata(await readFile(base), 'the model it starts from');
  const taxonomy = metadata['busana.schema'];
  await writeOutput(join(folder, 'attributes.yaml'), schemaOf(taxonomy));
  const data = await writePart(folder, 'train', task.train, taxonomy);
  const config = trainingConfigSchema.parse({
    ...{
      model: task.architecture ?? metadata['busana.provenance'].architecture,
      weights: task.architecture === null ? base : '',
      // Of the same size as before, so that both see the same of a photo.
      imageSize: metadata['busana.preprocess'].size,
    },
    ...{ freeze: task.approach === 'heads', epochs: task.epochs, threads },
    // Photos held back of the ones to learn from: for the curves, the temperatures and the threshold.
    val: 0.2,
  });
  const run = join(folder, task.name);
  const { checkpoints } = task;
  const resume = checkpoints === undefined && (await isThere(join(run, 'config.yaml')));
  // What a process that ended before its first file left would be taken for another run's; others have come further.
  if (!resume) await rm(run, { recursive: true, force: true });
  const emit = (event: RunEvent): void => report(event, tell, folder);
  const started = { config, data, project: folder, name: task.name, dryRun: false, cache, emit };
  await train({ ...started, ...(resume && { resume: run }), ...(checkpoints !== undefined && { checkpoints }) });
  const model = join(run, 'model.onnx');
  const history = await readHistory(run);
  if (evaluation.length === 0) return { model, history, metrics: null, comparison: notMeasured() };
  tell({
    kind: 'line',
    line: `comparing with the model before on ${evaluation.length} photos that no training has seen`,
  });
  const frozen = await writePart(folder, 'evaluation', evaluation, taxonomy);
  const { schema, ...source } = frozen;
  const { metrics, verdict } = await evaluateModel({ models: [model], against: [base], data: source, threads });
  if (verdict === undefined) throw new BusanaError('INTERNAL', 'two models were compared without a verdict');
  const comparison = compareModels(metrics, verdict);
  tell({ kind: 'line', line: comparison.sentence });
  return { model, history, metrics, comparison };
}

/** A table of labels, and the photos beside it under the names of their hashes. */
async function writePart(folder: string, part: string, photos: readonly ConfirmedPhoto[], { attributes }: Taxonomy) {
  const images = join(folder, `${part}-photos`);
  await mkdir(images, { recursive: true });
  const names = attributes.map(({ name }) => name);
  const lines = [csvLine(['image', 'product', ...names])];
  for (const { hash, path, format, product, labels } of photos) {
    const file = `${hash}.${format}`;
    await link(path, join(images, file)).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
    lines.push(csvLine([file, String(product), ...names.map((name) => labels[name] ?? '')]));
  }
  const source = join(folder, `${part}.csv`);
  await writeOutput(source, lines.map((line) => `${line}\n`).join(''));
  return {
    source,
    images,
    idColumn: 'image',
    group: 'product',
    attributes: names,
    schema: join(folder, 'attributes.yaml'),
  };
}

/** The attributes of the catalogue as a schema file; JSON is YAML. */
function schemaOf({ attributes }: Taxonomy): string {
  const written = attributes.map(({ name, titles, kind, values }) => {
    const codes = values.map(({ code, names, aliases }) => [code, { ...names, aliases }] as const);
    return [name, { title: titles, kind, values: Object.fromEntries(codes) }] as const;
  });
  return JSON.stringify({ id: 'image', attributes: Object.fromEntries(written) }, null, 2);
}

function report(event: RunEvent, tell: Tell, folder: string): void {
  if (event.type === 'notice') tell({ kind: 'line', line: event.message.replaceAll(`${folder}/`, '') });
  if (event.type !== 'epoch') return;
  const { row, secondsLeft } = event;
  const accuracy = Object.entries(row.accuracy).map(([name, value]) => [`${name}_accuracy`, value] as const);
  const { epoch, train_loss, val_loss = null, emr = null } = row;
  tell({ kind: 'epoch', epoch: { epoch, train_loss, val_loss, emr, ...Object.fromEntries(accuracy) }, secondsLeft });
}

/** All epochs, those of before an interruption too. */
async function readHistory(run: string): Promise<TrainingEpoch[]> {
  const { header, rows } = readTable(await readFile(join(run, 'results.csv')), 'results.csv');
  return rows.map(({ cells }) => {
    const figure = (name: string): number | null => {
      const text = cells[header.indexOf(name)] ?? '';
      return text === '' ? null : Number(text);
    };
    const accuracies = header.filter((name) => name.endsWith('_accuracy')).map((name) => [name, figure(name)] as const);
    const own = { epoch: figure('epoch') ?? 0, train_loss: figure('train_loss') ?? 0 };
    return { ...own, val_loss: figure('val_loss'), emr: figure('emr'), ...Object.fromEntries(accuracies) };
  });
}
