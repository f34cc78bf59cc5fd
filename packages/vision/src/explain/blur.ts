/**
 * Mean over a square window, as OpenCV's `blur` of 8-bit pictures: windows of an even width begin half of it before the
 * pixel, the picture goes on mirrored beyond its edges without repeating them.
 * @param picture uint8 `[size, size, 3]`
 * @param kernel side of the window in pixels
 */
export function blur(picture: Uint8Array, size: number, kernel: number): Uint8Array {
  const rows = Float64Array.from(picture);
  const sums = new Float64Array(picture.length);
  for (let row = 0; row < size; row += 1) slide(rows, sums, { start: row * size * 3, step: 3, size, kernel });
  const totals = new Float64Array(picture.length);
  for (let column = 0; column < size; column += 1) {
    slide(sums, totals, { start: column * 3, step: size * 3, size, kernel });
  }
  return Uint8Array.from(totals, (total) => Math.round(total / (kernel * kernel)));
}

interface Line {
  readonly start: number;
  readonly step: number;
  readonly size: number;
  readonly kernel: number;
}

/** Sums over the window at each pixel of a row or column, for the three channels. */
function slide(from: Float64Array, to: Float64Array, { start, step, size, kernel }: Line): void {
  const before = Math.floor(kernel / 2);
  for (let channel = 0; channel < 3; channel += 1) {
    const at = (position: number): number => from[start + mirrored(position, size) * step + channel]!;
    let sum = 0;
    for (let offset = 0; offset < kernel; offset += 1) sum += at(offset - before);
    for (let position = 0; position < size; position += 1) {
      to[start + position * step + channel] = sum;
      sum += at(position - before + kernel) - at(position - before);
    }
  }
}

/** ... 2 1 0 1 2 ... n-2 n-1 n-2 ... */
function mirrored(position: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const inside = ((position % period) + period) % period;
  return inside < size ? inside : period - inside;
}
