const STEPS = 50;
/** Keeps the fit finite where a line parts right from wrong without a mistake. */
const RIDGE = 1e-3;

/**
 * Platt scaling (Platt 1999): P(right) = 1 / (1 + exp(-(a + b x))) of the log odds x of a confidence, fitted by Newton's
 * method with a slight pull towards the confidence as it is (a = 0, b = 1).
 */
export function fitLogistic(x: readonly number[], right: readonly boolean[]): (x: number) => number {
  let [a, b] = [0, 1];
  for (let step = 0; step < STEPS; step += 1) {
    let [ga, gb, haa, hab, hbb] = [-RIDGE * a, -RIDGE * (b - 1), RIDGE, 0, RIDGE];
    x.forEach((value, index) => {
      const p = 1 / (1 + Math.exp(-(a + b * value)));
      const residual = Number(right[index]) - p;
      const weight = p * (1 - p);
      ga += residual;
      gb += residual * value;
      haa += weight;
      hab += weight * value;
      hbb += weight * value ** 2;
    });
    const determinant = haa * hbb - hab ** 2;
    a += (hbb * ga - hab * gb) / determinant;
    b += (haa * gb - hab * ga) / determinant;
  }
  return (value) => 1 / (1 + Math.exp(-(a + b * value)));
}

/** Log odds of a probability, kept off the ends. */
export function logOdds(probability: number): number {
  const p = Math.min(1 - 1e-7, Math.max(1e-7, probability));
  return Math.log(p / (1 - p));
}
