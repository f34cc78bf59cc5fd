import { MISSING } from '../data/dataset.ts';

const COLDEST = 0.05;
const HOTTEST = 20;
/** Halvings of the range of 1 / T: to the last digit of a double. */
const HALVINGS = 64;

/**
 * The temperature that makes held-back logits likeliest: softmax(logits / T) (Guo et al. 2017, "On calibration of
 * modern neural networks", section 4.2). The loss is convex in 1 / T, and its slope there is the sum over the photos of
 * the logit expected under the softmax less the true one: the root is found by bisection. From 0.05 to 20, which is
 * where it ends when every photo is right, or none better than by chance.
 * @param logits `[photos * classes]` row-major
 * @param targets per photo; {@link MISSING} ones are left out
 * @returns 1 when nothing is labelled
 */
export function fitTemperature(logits: Float32Array, targets: readonly number[]): number {
  const classes = logits.length / targets.length;
  const labelled = targets.flatMap((target, photo) =>
    target === MISSING ? [] : [{ scores: logits.subarray(photo * classes, (photo + 1) * classes), target }],
  );
  if (labelled.length === 0) return 1;
  const slope = (inverse: number): number =>
    labelled.reduce((sum, { scores, target }) => sum + expectedLogit(scores, inverse) - scores[target]!, 0);
  let [low, high] = [1 / HOTTEST, 1 / COLDEST];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    // Far out the softmax is all on one value, and the slope nothing: on to the end.
    if (slope(middle) <= 0) low = middle;
    else high = middle;
  }
  return 2 / (low + high);
}

/** Mean of the logits under softmax(inverse * logits). */
function expectedLogit(scores: Float32Array, inverse: number): number {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  let [total, weighted] = [0, 0];
  for (const score of scores) {
    const weight = Math.exp(inverse * (score - largest));
    total += weight;
    weighted += weight * score;
  }
  return weighted / total;
}
