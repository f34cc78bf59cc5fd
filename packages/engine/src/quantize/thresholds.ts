/**
 * @file From which magnitude on activations are clipped. Few large values would take most of the 256 steps away from
 * all others: what is lost by clipping them is weighed against what finer steps gain.
 */
import type { Histogram } from './histogram.ts';
import type { Range } from './integers.ts';

/** The range whose magnitude is exceeded by this share of the values other than 0. */
export function percentileRange(histogram: Histogram, percent: number): Range {
  const { counts, width } = histogram.magnitudes();
  const total = counts.reduce((sum, count) => sum + count, 0);
  let beyond = total * (1 - percent / 100);
  let last = counts.length;
  while (last > 1 && beyond - counts[last - 1]! >= 0) {
    last -= 1;
    beyond -= counts[last]!;
  }
  return clipped(histogram, last * width);
}

/** Bins between one candidate and the next. */
const STRIDE = 4;

/**
 * The range whose 8-bit form loses the least information (Migacz 2017, "8-bit inference with TensorRT"): over all
 * thresholds, the one with the smallest Kullback-Leibler divergence from the clipped distribution P to the same
 * values in `levels` steps, Q. What lies beyond the threshold counts in the last bin of P and is missing in Q.
 */
export function entropyRange(histogram: Histogram): Range {
  const { counts, width } = histogram.magnitudes();
  // A range on one side of 0 has all 256 steps for its magnitudes, one around 0 half of them.
  const levels = histogram.low < 0 && histogram.high > 0 ? 128 : 256;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let best = { threshold: counts.length, divergence: Infinity };
  let inside = counts.slice(0, Math.min(levels, counts.length)).reduce((sum, count) => sum + count, 0);
  for (let threshold = levels; threshold <= counts.length; threshold += STRIDE) {
    const divergence = informationLost(counts, threshold, levels, total - inside);
    if (divergence < best.divergence) best = { threshold, divergence };
    for (let bin = threshold; bin < Math.min(threshold + STRIDE, counts.length); bin += 1) inside += counts[bin]!;
  }
  return clipped(histogram, best.threshold * width);
}

/**
 * KL(P || Q) = sum p log(p / q), up to the normalisation of both.
 * @param beyond count of the values above the threshold
 */
function informationLost(counts: Float64Array, threshold: number, levels: number, beyond: number): number {
  let [cross, sumP, sumQ] = [0, 0, 0];
  for (let level = 0; level < levels; level += 1) {
    const from = Math.floor((level * threshold) / levels);
    const to = Math.floor(((level + 1) * threshold) / levels);
    let [count, occupied] = [0, 0];
    for (let bin = from; bin < to; bin += 1) {
      count += counts[bin]!;
      if (counts[bin]! > 0) occupied += 1;
    }
    // A step spreads what it holds evenly over those of its bins that hold anything.
    const q = occupied === 0 ? 0 : count / occupied;
    sumQ += count;
    for (let bin = from; bin < to; bin += 1) {
      const p = counts[bin]! + (bin === threshold - 1 ? beyond : 0);
      if (p === 0) continue;
      sumP += p;
      // Where only values from beyond lie, Q has nothing: the divergence is taken with a trace instead of infinity.
      cross += p * Math.log(p / (q === 0 ? 1e-9 : q));
    }
  }
  if (sumP === 0 || sumQ === 0) return Infinity;
  return cross / sumP - Math.log(sumP / sumQ);
}

function clipped({ low, high }: Histogram, threshold: number): Range {
  return { low: Math.max(low, -threshold), high: Math.min(high, threshold) };
}
