/** @file Shapes of masks on a small grid: smoothed, joined parts, holes. */

export interface Shape {
  readonly width: number;
  readonly height: number;
}

/** Mean over the square of `2 * radius + 1` pixels around each; at the border over what there is of it. */
export function blurred(values: Float32Array, { width, height }: Shape, radius: number): Float32Array {
  const across = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  for (let y = 0; y < height; y += 1) slide(values, across, { start: y * width, stride: 1, count: width, radius });
  for (let x = 0; x < width; x += 1) slide(across, result, { start: x, stride: width, count: height, radius });
  return result;
}

function slide(
  from: Float32Array,
  to: Float32Array,
  line: { readonly start: number; readonly stride: number; readonly count: number; readonly radius: number },
): void {
  const { start, stride, count, radius } = line;
  let sum = 0;
  for (let at = 0; at < Math.min(radius, count); at += 1) sum += from[start + at * stride]!;
  for (let at = 0; at < count; at += 1) {
    if (at + radius < count) sum += from[start + (at + radius) * stride]!;
    if (at - radius - 1 >= 0) sum -= from[start + (at - radius - 1) * stride]!;
    const seen = Math.min(count - 1, at + radius) - Math.max(0, at - radius) + 1;
    to[start + at * stride] = sum / seen;
  }
}

/** Parts that hang together, largest first: the pixels of each with the given value. 4-neighbours. */
export function partsOf(mask: Uint8Array, { width }: Shape, value = 1): number[][] {
  const seen = new Uint8Array(mask.length);
  const parts: number[][] = [];
  for (let first = 0; first < mask.length; first += 1) {
    if (mask[first] !== value || seen[first] === 1) continue;
    const part = [first];
    seen[first] = 1;
    const visit = (other: number): void => {
      if (other < 0 || other >= mask.length || mask[other] !== value || seen[other] === 1) return;
      seen[other] = 1;
      part.push(other);
    };
    for (let next = 0; next < part.length; next += 1) {
      const pixel = part[next]!;
      const x = pixel % width;
      if (x > 0) visit(pixel - 1);
      if (x < width - 1) visit(pixel + 1);
      visit(pixel - width);
      visit(pixel + width);
    }
    parts.push(part);
  }
  return parts.sort((a, b) => b.length - a.length);
}

/** Sets what is enclosed and smaller than a share of the mask: prints, buttons, lettering. Changes the mask. */
export function fillHoles(mask: Uint8Array, shape: Shape, largest: number): void {
  const { width, height } = shape;
  for (const part of partsOf(mask, shape, 0)) {
    const open = part.some((pixel) => {
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      return x === 0 || y === 0 || x === width - 1 || y === height - 1;
    });
    if (!open && part.length <= largest) for (const pixel of part) mask[pixel] = 1;
  }
}
