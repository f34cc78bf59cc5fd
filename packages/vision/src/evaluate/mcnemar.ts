import binomial from '@stdlib/stats-base-dists-binomial-cdf';

/** Outcome of {@link mcnemar}. */
export interface PairedTest {
  /** Photos that only the first got right. */
  readonly only_first: number;
  /** Photos that only the second got right. */
  readonly only_second: number;
  readonly p_value: number;
}

/**
 * Exact McNemar test (McNemar 1947; the exact form as in Fagerland, Lydersen and Laake 2013, eq. 4): are two models
 * that judged the same photos right equally often? Two-sided binomial test over the photos on which exactly one of them
 * is right; 1 when there are none.
 * @throws RangeError when the lists differ in length
 */
export function mcnemar(first: readonly boolean[], second: readonly boolean[]): PairedTest {
  if (first.length !== second.length) {
    throw new RangeError(`a paired test needs the same photos: ${first.length} and ${second.length} given`);
  }
  const onlyFirst = first.filter((correct, photo) => correct && !second[photo]).length;
  const onlySecond = second.filter((correct, photo) => correct && !first[photo]).length;
  const tail = binomial(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond, 0.5);
  return { only_first: onlyFirst, only_second: onlySecond, p_value: Math.min(1, 2 * tail) };
}

/**
 * Holm's step-down adjustment (Holm 1979): p-values that may each be compared with the same alpha although several
 * tests were made. In the order given.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
}
