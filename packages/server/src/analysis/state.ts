/** @file Analyses as the database knows them: asked for, made, failed. */
import type { AnalysisFindings, CatalogueAnalysis } from '@busana/contracts';
import { and, asc, count, desc, eq, gt, isNotNull, lt, sql } from 'drizzle-orm';
import type { Orm } from '../database/open.ts';
import { analyses } from '../database/schema/analyses.ts';
import { productAttributes } from '../database/schema/labels.ts';
import { photos, productPhotos } from '../database/schema/photos.ts';
import { products } from '../database/schema/products.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { KnownPhoto } from '../jobs/tasks.ts';

type Progress = CatalogueAnalysis['progress'];

/** The one that is under way, or a new one. */
export async function askForAnalysis(orm: Orm, queue: JobQueue): Promise<void> {
  await orm.transaction(async (transaction) => {
    await transaction.execute(sql`lock table analyses in share row exclusive mode`);
    const running = eq(analyses.state, 'running');
    const [own] = await transaction.select({ id: analyses.id }).from(analyses).where(running).limit(1);
    const [{ id } = own!] =
      own === undefined ? await transaction.insert(analyses).values({}).returning({ id: analyses.id }) : [own];
    // One of an older version has no job.
    if (!(await queue.has(transaction, { analysis: id })))
      await queue.add(transaction, [{ queue: 'analyze', work: { kind: 'analyze', analysis: id } }]);
  });
}

export async function isAnalysis(orm: Orm, id: number): Promise<boolean> {
  return (await orm.$count(analyses, and(eq(analyses.id, id), eq(analyses.state, 'running')))) > 0;
}

export async function tellProgress(orm: Orm, id: number, progress: Progress): Promise<void> {
  await orm.update(analyses).set({ progress }).where(eq(analyses.id, id));
}

/** One that was under way goes on, with the jobs of its time or a new one. */
export async function resumeAnalysis(orm: Orm, queue: JobQueue): Promise<void> {
  if ((await orm.$count(analyses, eq(analyses.state, 'running'))) > 0) await askForAnalysis(orm, queue);
}

/** The findings of before are kept until there are new ones. */
export async function finishAnalysis(orm: Orm, id: number, findings: AnalysisFindings): Promise<void> {
  await orm.transaction(async (transaction) => {
    await transaction.update(analyses).set({ state: 'done', findings, finishedAt: sql`now()` }).where(eq(analyses.id, id)); // prettier-ignore
    await transaction.delete(analyses).where(lt(analyses.id, id));
  });
}

export async function failAnalysis(orm: Orm, id: number, reason: string): Promise<void> {
  await orm.update(analyses).set({ state: 'failed', reason, finishedAt: sql`now()` }).where(eq(analyses.id, id)); // prettier-ignore
}

/** The newest one that has failed. */
export async function reviveAnalysis(orm: Orm, id: number): Promise<boolean> {
  const newer = await orm.$count(analyses, gt(analyses.id, id));
  if (newer > 0) return false;
  const found = await orm.update(analyses).set({ state: 'running', reason: '', finishedAt: null }).where(and(eq(analyses.id, id), eq(analyses.state, 'failed'))).returning({ id: analyses.id }); // prettier-ignore
  return found.length > 0;
}

export async function analysisState(orm: Orm): Promise<CatalogueAnalysis> {
  const [newest] = await orm.select({ state: analyses.state, reason: analyses.reason, progress: analyses.progress }).from(analyses).orderBy(desc(analyses.id)).limit(1); // prettier-ignore
  const [last] = await orm.select().from(analyses).where(isNotNull(analyses.findings)).orderBy(desc(analyses.id)).limit(1); // prettier-ignore
  const nothing = { analysis: null, products: {}, pairs_found: { exact: 0, near: 0, twin: 0 }, labels: { people: 0, model: 0 } }; // prettier-ignore
  return {
    ...{ state: newest?.state ?? 'none', reason: newest?.reason ?? '' },
    progress: newest?.state === 'running' ? newest.progress : null,
    finished_at: last?.finishedAt?.toISOString() ?? null,
    ...(last?.findings ?? nothing),
  };
}

/** Every photo of the catalogue once, with the labels of the oldest product that has it. */
export async function photosOfProducts(orm: Orm): Promise<KnownPhoto[]> {
  const { photoHash, productId, position } = productPhotos;
  const rows = await orm
    .selectDistinctOn([photoHash], {
      hash: photoHash,
      format: photos.format,
      product: productId,
      labels: products.labels,
    }) // prettier-ignore
    .from(productPhotos)
    .innerJoin(photos, eq(photos.hash, photoHash))
    .innerJoin(products, eq(products.id, productId))
    .orderBy(asc(photoHash), asc(productId), asc(position));
  // In the order in which they came, which reads better than that of hashes.
  return rows.sort((a, b) => a.product - b.product).map((row) => ({ ...row, labels: { ...row.labels } }));
}

/** How many labels people have given, and how many the model alone. */
export async function labelsBySource(orm: Orm): Promise<AnalysisFindings['labels']> {
  const { source } = productAttributes;
  const rows = await orm.select({ source, labels: count() }).from(productAttributes).groupBy(source);
  const of = (wanted: string): number => rows.find((row) => row.source === wanted)?.labels ?? 0;
  return { people: of('person'), model: of('model') };
}
