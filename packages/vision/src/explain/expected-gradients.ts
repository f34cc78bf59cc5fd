/**
 * @file E over background photos b and shares t of (x - b) dY/dx at b + t (x - b) (Erion et al. 2021, arXiv:1906.10670,
 * equation 3): the Shapley values of Aumann and Shapley, averaged over what the photo is compared with.
 */
import { Random } from '@busana/engine';
import { askAbout } from './ask.ts';
import { drawPoints, placePoints, type Point } from './paths.ts';
import type { SeededGradient } from './seeded-gradient.ts';
import type { Subject } from './subject.ts';
import type { Target } from './target.ts';

/** Stretches of a path over which it is looked how much the output changes. */
const STRETCHES = 12;

export interface ExpectedGradients {
  readonly subject: Pick<Subject, 'answer' | 'size'>;
  /** With respect to `batch` pictures, float32 `[batch, size, size, 3]`, pixels 0..255. */
  readonly gradient: Pick<SeededGradient, 'run'>;
  readonly batch: number;
  /** Uint8 `[size, size, 3]`. */
  readonly picture: Uint8Array;
  readonly background: readonly Uint8Array[];
  readonly targets: readonly Target[];
  /** Points per target; rounded up to whole batches. */
  readonly samples: number;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ExpectedGradient {
  /** Float64 `[size, size, 3]`. */
  readonly values: Float64Array;
  /** Mean output over the background. */
  readonly base: number;
}

/** One result per target. Progress is counted in gradients. */
export async function expectedGradients(options: ExpectedGradients): Promise<ExpectedGradient[]> {
  const { subject, gradient, batch, picture, background, targets, samples, seed, onProgress } = options;
  const rounds = Math.ceil(samples / batch);
  const total = rounds * batch * targets.length;
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
    const points = drawPoints(paths, rounds * batch, Random.of(seed, 'shap points'));
    const values = new Float64Array(picture.length);
    for (let round = 0; round < rounds; round += 1) {
      const some = points.slice(round * batch, (round + 1) * batch);
      const at = new Float32Array(batch * picture.length);
      placePoints(picture, background, some, at);
      addProducts(values, await gradient.run(at, target), picture, background, some, points.length);
      onProgress?.((index * rounds + round + 1) * batch, total);
    }
    results.push({ values, base: paths.reduce((sum, path) => sum + path[0]!, 0) / paths.length });
  }
  return results;
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
