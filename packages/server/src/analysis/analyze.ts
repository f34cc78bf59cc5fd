/** @file The analysis of data sets, of what a catalogue holds: its photos with the labels that count now. */
import { analysisSteps, type Analysis } from '@busana/contracts';
import { analyzeDataset, readMetadata, type Dataset } from '@busana/vision';
import { readFile } from 'node:fs/promises';
import type { AnalyzeTask, Tell } from '../jobs/tasks.ts';

/** Milliseconds between two words on how far a step is. */
const OFTEN = 250;

export async function analyzeCatalogue(task: AnalyzeTask, tell: Tell): Promise<Analysis> {
  const { cache, threads, model } = task;
  const { 'busana.provenance': provenance, 'busana.preprocess': preprocess } = readMetadata(await readFile(model), 'the model'); // prettier-ignore
  const backbone = { model: provenance.architecture, weights: model, imageSize: preprocess.size };
  let told = 0;
  return analyzeDataset(datasetOf(task), {
    ...{ backbone, cache, threads },
    onProgress: (name, done, total) => {
      const step = analysisSteps.find((one) => one === name);
      if (step === undefined || (Date.now() - told < OFTEN && done < total)) return;
      told = Date.now();
      tell({ kind: 'step', step, done, total });
    },
  });
}

/** A label that the taxonomy does not know any more counts as none. */
function datasetOf({ photos, taxonomy }: AnalyzeTask): Dataset {
  return {
    source: 'catalogue',
    taxonomy,
    photos: photos.map(({ hash, path, product, labels }) => ({
      ...{ id: hash, name: hash, group: String(product) },
      location: { kind: 'file', path },
      targets: taxonomy.attributes.map(({ name, values }) => values.findIndex(({ code }) => code === labels[name])),
    })),
    test: [],
    dropped: [],
  };
}
