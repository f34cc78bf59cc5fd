/**
 * @file E over background photos b and shares t of (x - b) dY/dx at b + t (x - b) (Erion et al. 2021, arXiv:1906.10670,
 * equation 3): the Shapley values of Aumann and Shapley, averaged over what the photo is compared with.
 */
import type { ExplainedScore } from '@busana/contracts';
import { Random } from '@busana/engine';
import { askAbout } from './ask.ts';
import { drawPoints, placePoints, type Point } from './paths.ts';
import type { SeededGradient } from './seeded-gradient.ts';
import type { Subject } from './subject.ts';
import type { Target } from './target.ts';

/** Stretches of a path over which it is looked how much the output changes. */
const STRETCHES = 12;
/** How far values may miss the score before more points are drawn, as a share of its range. */
const TOLERANCE = 0.015;
/** Times the number of points asked for that are drawn at most. */
const MOST_ROUNDS = 10;

export interface ExpectedGradients {
  readonly subject: Pick<Subject, 'answer' | 'size'>;
  /** What it answers with. Values of probabilities may miss by a share of 1, log-odds by a share of their range. */
  readonly score: ExplainedScore;
  /** With respect to `batch` pictures, float32 `[batch, size, size, 3]`, pixels 0..255. */
  readonly gradient: Pick<SeededGradient, 'run'>;
  readonly batch: number;
  /** Uint8 `[size, size, 3]`. */
  readonly picture: Uint8Array;
  readonly background: readonly Uint8Array[];
  readonly targets: readonly Target[];
  /** Points per target at first; rounded up to whole batches. */
  readonly samples: number;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ExpectedGradient {
  /** Float64 `[size, size, 3]`. */
  readonly values: Float64Array;
  /** Mean score over the background, and the score of the photo. */
  readonly base: number;
  readonly full: number;
  /** Between the largest and the smallest score of photo and background. */
  readonly range: number;
  /** Points that were drawn. */
  readonly points: number;
}

/**
 * One result per target. Where the values miss the score by more than {@link TOLERANCE}, as many points again are drawn,
 * {@link MOST_ROUNDS} times at most. Progress is counted in gradients, as if no target needed more.
 */
export async function expectedGradients(options: ExpectedGradients): Promise<ExpectedGradient[]> {
  const { subject, batch, picture, background, targets, samples, onProgress } = options;
  const count = Math.ceil(samples / batch) * batch;
  const total = count * targets.length;
  const grid = background.flatMap((_, photo) =>
    Array.from({ length: STRETCHES + 1 }, (_, at) => ({ background: photo, share: at / STRETCHES })),
  );
  const outputs = await askAbout(subject, targets, grid.length, (at, into) => {
    placePoints(picture, background, [grid[at]!], into);
  });
  const results: ExpectedGradient[] = [];
  for (const [index, target] of targets.entries()) {
    const paths = background.map((_, photo) =>
      outputs.slice(photo * (STRETCHES + 1), (photo + 1) * (STRETCHES + 1)).map((row) => row[index]!),
    );
    const base = paths.reduce((sum, path) => sum + path[0]!, 0) / paths.length;
    const full = paths[0]!.at(-1)!;
    const range = rangeOf([full, ...paths.map((path) => path[0]!)]);
    const tolerance = TOLERANCE * (options.score === 'output' ? 1 : range);
    const sums = new Float64Array(picture.length);
    let rounds = 0;
    let missed = Infinity;
    while (missed > tolerance && rounds < MOST_ROUNDS) {
      const points = drawPoints(paths, count, Random.of(options.seed, 'shap points', rounds));
      await addRound(sums, points, target, options, (done) => onProgress?.(index * count + done, total));
      rounds += 1;
      missed = Math.abs(base + sums.reduce((sum, value) => sum + value, 0) / rounds - full);
    }
    results.push({ values: sums.map((sum) => sum / rounds), base, full, range, points: rounds * count });
  }
  return results;
}

function rangeOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** Adds the mean over the points of weight (x - b) dY/dx. */
async function addRound(
  sums: Float64Array,
  points: readonly Point[],
  target: Target,
  { gradient, batch, picture, background }: ExpectedGradients,
  onDone: (points: number) => void,
): Promise<void> {
  for (let start = 0; start < points.length; start += batch) {
    const some = points.slice(start, start + batch);
    const at = new Float32Array(batch * picture.length);
    placePoints(picture, background, some, at);
    addProducts(sums, await gradient.run(at, target), picture, background, some, points.length);
    onDone(start + some.length);
  }
}

function addProducts(
  sums: Float64Array,
  gradient: Float32Array,
  picture: Uint8Array,
  photos: readonly Uint8Array[],
  points: readonly Point[],
  count: number,
): void {
  points.forEach(({ background, weight }, point) => {
    const start = point * picture.length;
    const photo = photos[background]!;
    const share = weight / count;
    for (let at = 0; at < picture.length; at += 1) {
      sums[at]! += share * gradient[start + at]! * (picture[at]! - photo[at]!);
    }
  });
}
