/** Name in a state of the average of a parameter. */
export function averageOf(parameter: string): string {
  return `average.${parameter}`;
}

/**
 * What is kept of an exponential moving average at step t = 1, 2 … (Polyak and Juditsky 1992; Tan and Le 2019,
 * section 5): a = d_t a + (1 - d_t) p with d_t = min(decay, (t - 1) / (t + 8)), so that a short training is not an
 * average of its start.
 */
export function keptShare(decay: number, step: number): number {
  return Math.min(decay, (step - 1) / (step + 8));
}
