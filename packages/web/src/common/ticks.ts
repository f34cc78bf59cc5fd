/** Round numbers that enclose a range, 3 to 6 of them: steps of 1, 2 or 5 times a power of ten. */
export function ticksOf([low, high]: readonly [number, number]): readonly number[] {
  const span = Math.max(high - low, Number.EPSILON);
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((times) => times * power).find((candidate) => span / candidate <= 5) ?? span;
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: Math.max(2, last - first + 1) }, (_, index) => (first + index) * step);
}
