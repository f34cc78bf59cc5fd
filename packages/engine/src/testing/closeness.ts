import type { Tensor } from '../graph/tensor.ts';

/** Where two tensors differ most. */
export interface Difference {
  /** |actual - expected| / max(|expected|, root mean square of all expected values). */
  readonly relative: number;
  readonly index: number;
  readonly actual: number;
  readonly expected: number;
}

/**
 * The largest relative difference. Elements smaller than the root mean square of their tensor are measured against
 * that: what is near zero by cancellation has no digits of its own. NaN counts as infinitely far.
 */
export function largestDifference(
  actual: ArrayLike<number | bigint>,
  expected: ArrayLike<number | bigint>,
): Difference {
  const wanted = Array.from(expected, Number);
  const typical = Math.sqrt(wanted.reduce((sum, x) => sum + x * x, 0) / Math.max(wanted.length, 1));
  let worst: Difference = { relative: 0, index: -1, actual: 0, expected: 0 };
  wanted.forEach((x, index) => {
    const got = Number(actual[index]);
    const distance = Math.abs(got - x);
    const scale = Math.max(Math.abs(x), typical);
    const relative = distance === 0 ? 0 : distance / scale;
    if (!(relative <= worst.relative)) {
      worst = { relative: Number.isNaN(relative) ? Infinity : relative, index, actual: got, expected: x };
    }
  });
  return worst;
}

/**
 * Fails when shapes differ or any element is further off than `relative` (see {@link largestDifference}).
 * @throws Error naming the element that is furthest off
 */
export function expectClose(
  actual: Pick<Tensor, 'shape' | 'data'>,
  expected: Pick<Tensor, 'shape' | 'data'>,
  relative = 1e-5,
  what = 'tensor',
): void {
  if (actual.shape.join() !== expected.shape.join()) {
    throw new Error(`${what}: the shape is [${actual.shape.join(', ')}], not [${expected.shape.join(', ')}]`);
  }
  const worst = largestDifference(actual.data, expected.data);
  if (worst.relative <= relative) return;
  const { index, actual: got, expected: wanted } = worst;
  throw new Error(
    `${what}: element ${index} is ${got}, not ${wanted}: ${worst.relative.toExponential(2)} relative, ` +
      `${relative.toExponential(0)} allowed`,
  );
}
