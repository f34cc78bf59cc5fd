import { MISSING } from '../data/dataset.ts';
import { softmaxRows } from '../train/loss.ts';

const COLDEST = 0.05;
const HOTTEST = 20;
const PRECISION = 1e-4;

/**
 * The temperature that makes held-back logits likeliest: softmax(logits / T) (Guo et al. 2017, "On calibration of
 * modern neural networks", section 4.2). Golden-section search over log T; the loss has one minimum there.
 * @param logits `[photos * classes]` row-major
 * @param targets per photo; {@link MISSING} ones are left out
 * @returns 1 when nothing is labelled
 */
export function fitTemperature(logits: Float32Array, targets: readonly number[]): number {
  const labelled = targets.flatMap((target, row) => (target === MISSING ? [] : [{ target, row }]));
  if (labelled.length === 0) return 1;
  const classes = logits.length / targets.length;
  const loss = (logTemperature: number): number => {
    const probabilities = softmaxRows(
      logits.map((logit) => logit / Math.exp(logTemperature)),
      classes,
    );
    return -labelled.reduce(
      (sum, { target, row }) => sum + Math.log(Math.max(probabilities[row * classes + target]!, 1e-12)),
      0,
    );
  };
  return Math.exp(minimise(loss, Math.log(COLDEST), Math.log(HOTTEST)));
}

/** Golden-section search (Kiefer 1953) for the minimum of a function with one valley. */
function minimise(f: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  while (b - a > PRECISION) {
    if (fc < fd) {
      [b, d, fd] = [d, c, fc];
      c = b - ratio * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + ratio * (b - a);
      fd = f(d);
    }
  }
  return (a + b) / 2;
}
