/** Spearman's rank correlation; equal values share the mean of their ranks. 0 where one side is constant. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (x.length - 1) / 2;
  let [both, ofX, ofY] = [0, 0, 0];
  for (let at = 0; at < x.length; at += 1) {
    const [dx, dy] = [x[at]! - middle, y[at]! - middle];
    both += dx * dy;
    ofX += dx * dx;
    ofY += dy * dy;
  }
  return ofX === 0 || ofY === 0 ? 0 : both / Math.sqrt(ofX * ofY);
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, at) => at).sort((i, j) => values[i]! - values[j]!);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end += 1;
    for (let at = start; at <= end; at += 1) result[order[at]!] = (start + end) / 2;
    start = end + 1;
  }
  return result;
}
