/** @file An analysis as it is kept: what names no product is left out, and of very many pairs there are the first. */
import type { Analysis, AnalysisFindings } from '@busana/contracts';
import type { KnownPhoto } from '../jobs/tasks.ts';

/** Pairs of a kind that are kept: one photo in many colours has a pair for any two of them. */
const MOST_PAIRS = 500;

export function findingsOf(
  analysis: Analysis,
  photos: readonly KnownPhoto[],
  labels: AnalysisFindings['labels'],
): AnalysisFindings {
  const { files, colours } = analysis;
  const pairs = { exact: 0, near: 0, twin: 0 };
  const duplicates = files?.duplicates.filter(({ kind }) => (pairs[kind] += 1) <= MOST_PAIRS) ?? [];
  const kept: Analysis = {
    ...analysis,
    files: files && { ...files, duplicates },
    // The colours of every single photo say nothing of the whole.
    colours: colours && { ...colours, photos: [] },
  };
  const named = new Set(photosNamed(kept));
  const products = photos.filter(({ hash }) => named.has(hash)).map(({ hash, product }) => [hash, product] as const);
  return { analysis: kept, pairs_found: pairs, products: Object.fromEntries(products), labels };
}

function photosNamed({ files, colours, embeddings }: Analysis): string[] {
  const { labels, outliers } = embeddings ?? {};
  return [
    ...(files?.duplicates ?? []).flatMap(({ first, second }) => [first, second]),
    ...(files?.unreadable ?? []).map(({ photo }) => photo),
    ...(files?.images.measures ?? []).flatMap((measure) => measure.outliers.map(({ photo }) => photo)),
    ...(colours?.doubts ?? []).map(({ photo }) => photo),
    ...(labels?.suspicions ?? []).map(({ photo }) => photo),
    ...(outliers?.outliers ?? []).flatMap(({ photo, nearest }) => [photo, nearest]),
  ].map(({ name }) => name);
}
