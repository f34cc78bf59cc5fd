/** @file The competition's file: labels by the names under which photos came, duplicates included. */
import type { Prediction, Taxonomy } from '@busana/contracts';
import { csvLine, naturally, photoNamed, submissionLines, type Photo } from '@busana/vision';
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { importItems } from '../database/schema/imports.ts';
import { products, type Labels } from '../database/schema/products.ts';

interface NamedLabels {
  readonly photo: Photo;
  readonly labels: Labels;
}

/** Every photo that came, in natural order of ids; of those with one id the last that came. */
export async function wholeSubmission(orm: Orm, { attributes }: Taxonomy): Promise<string[]> {
  const names = attributes.map(({ name }) => name);
  const byId = new Map((await photosThatCame(orm)).map(({ photo, labels }) => [photo.id, labels]));
  const rows = [...byId].sort(([a], [b]) => naturally(a, b));
  return [['id', ...names], ...rows.map(([id, labels]) => [id, ...names.map((name) => labels[name] ?? '')])].map(
    csvLine,
  );
}

/**
 * The ids of a sample, in its order, and its columns.
 * @throws BusanaError as {@link submissionLines}; DATA_INVALID for a product that lacks a label
 */
export async function submissionLike(orm: Orm, taxonomy: Taxonomy, sample: string): Promise<string[]> {
  const came = new Map((await photosThatCame(orm)).map((one) => [one.photo.id, one]));
  const photos = [...came.values()].map(({ photo }) => photo);
  const classify = (asked: readonly Photo[]) => [
    asked.map(({ id, name }) => asPrediction(name, came.get(id)!.labels, taxonomy)),
  ];
  return submissionLines(sample, photos, taxonomy, classify);
}

async function photosThatCame(orm: Orm): Promise<NamedLabels[]> {
  const found = await orm
    .select({ name: importItems.name, labels: products.labels })
    .from(importItems)
    .innerJoin(products, eq(products.id, importItems.productId))
    .where(and(isNotNull(importItems.productId), isNotNull(importItems.photoHash)))
    .orderBy(asc(importItems.importId), asc(importItems.position));
  return found.map(({ name, labels }) => ({ photo: photoNamed(name, { kind: 'file', path: name }), labels }));
}

function asPrediction(image: string, labels: Labels, { attributes }: Taxonomy): Prediction {
  const missing = attributes.filter(({ name }) => labels[name] === undefined).map(({ name }) => name);
  const known = attributes.flatMap(({ name }) => {
    const code = labels[name];
    return code === undefined ? [] : [{ name, code, label: code, confidence: 1, probabilities: {} }];
  });
  const status = missing.length === 0 ? ('accept' as const) : ('error' as const);
  const reason = missing.length === 0 ? '' : `it has no ${missing.join(', ')}`;
  return { image, attributes: known, joint_confidence: 1, status, reason, model: 'catalogue' };
}
