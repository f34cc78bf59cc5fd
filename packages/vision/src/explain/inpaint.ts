/**
 * @file Painting hidden pixels in from those around them, from the edge of the hole inwards (Telea 2004, "An image
 * inpainting technique based on the fast marching method"): each is the mean of known pixels near it, each continued by
 * its gradient, weighted by direction, distance and level (sections 2.2 and 2.3, equations 2 to 4).
 */

/** Radius of the neighbourhood in pixels; OpenCV's and shap's choice. */
const RADIUS = 3;

/**
 * @param picture uint8 `[size, size, 3]`
 * @param hidden 1 where a pixel is to be painted, `[size, size]`; where all are, the mean of the picture is given
 */
export function inpaint(picture: Uint8Array, hidden: Uint8Array, size: number): Uint8Array {
  const result = picture.slice();
  if (hidden.every((flag) => flag === 1)) return meanPicture(picture);
  const level = new Float64Array(size * size).fill(Infinity);
  const known = hidden.map((flag) => 1 - flag);
  const front = new Front(level);
  known.forEach((flag, at) => {
    if (flag === 0) return;
    level[at] = 0;
    if (neighbours(at, size).some((beside) => known[beside] === 0)) front.push(at);
  });
  for (let at = front.pop(); at !== undefined; at = front.pop()) {
    for (const beside of neighbours(at, size)) {
      if (known[beside] === 1) continue;
      level[beside] = arrival(level, beside, size);
      paint(result, { at: beside, size, level, known });
      known[beside] = 1;
      front.push(beside);
    }
  }
  return result;
}

function meanPicture(picture: Uint8Array): Uint8Array {
  const sums = [0, 0, 0];
  picture.forEach((value, at) => (sums[at % 3]! += value));
  return picture.map((_, at) => Math.round((sums[at % 3]! * 3) / picture.length));
}

function neighbours(at: number, size: number): number[] {
  const column = at % size;
  const result: number[] = [];
  if (at >= size) result.push(at - size);
  if (at < size * (size - 1)) result.push(at + size);
  if (column > 0) result.push(at - 1);
  if (column < size - 1) result.push(at + 1);
  return result;
}

/** When a front of speed 1 reaches a pixel: the solution of |grad T| = 1 from its neighbours (section 2.4). */
function arrival(level: Float64Array, at: number, size: number): number {
  const column = at % size;
  const across = Math.min(column > 0 ? level[at - 1]! : Infinity, column < size - 1 ? level[at + 1]! : Infinity);
  const along = Math.min(level[at - size] ?? Infinity, level[at + size] ?? Infinity);
  const [low, high] = across < along ? [across, along] : [along, across];
  if (high - low >= 1) return low + 1;
  return (low + high + Math.sqrt(2 - (high - low) ** 2)) / 2;
}

interface Place {
  readonly at: number;
  readonly size: number;
  readonly level: Float64Array;
  /** 1 where a pixel is known or painted. */
  readonly known: Uint8Array;
}

function paint(picture: Uint8Array, { at, size, level, known }: Place): void {
  const [row, column] = [Math.floor(at / size), at % size];
  const normalDown = slope(level, at, size, row, size);
  const normalRight = slope(level, at, 1, column, size);
  const sums = [0, 0, 0];
  let total = 0;
  for (let y = Math.max(0, row - RADIUS); y <= Math.min(size - 1, row + RADIUS); y += 1) {
    for (let x = Math.max(0, column - RADIUS); x <= Math.min(size - 1, column + RADIUS); x += 1) {
      const near = y * size + x;
      const [down, right] = [row - y, column - x];
      const square = down * down + right * right;
      if (known[near] === 0 || square > RADIUS * RADIUS || square === 0) continue;
      const direction = Math.abs(down * normalDown + right * normalRight) / Math.sqrt(square);
      // Perpendicular neighbours count too, if little, lest a pixel have none.
      const weight = (Math.max(direction, 1e-6) / square) * (1 / (1 + Math.abs(level[near]! - level[at]!)));
      for (let channel = 0; channel < 3; channel += 1) {
        const gradient =
          down * change(picture, near, channel, size, y, size, known) +
          right * change(picture, near, channel, 1, x, size, known);
        sums[channel]! += weight * (picture[near * 3 + channel]! + gradient);
      }
      total += weight;
    }
  }
  sums.forEach((sum, channel) => {
    picture[at * 3 + channel] = Math.min(255, Math.max(0, Math.round(sum / total)));
  });
}

/** Derivative of the level where both sides have one. */
function slope(level: Float64Array, at: number, step: number, position: number, size: number): number {
  const before = position > 0 ? level[at - step]! : Infinity;
  const after = position < size - 1 ? level[at + step]! : Infinity;
  if (after < Infinity) return before < Infinity ? (after - before) / 2 : after - level[at]!;
  return before < Infinity ? level[at]! - before : 0;
}

/** Derivative of a channel from the neighbours that are known. */
function change(
  picture: Uint8Array,
  at: number,
  channel: number,
  step: number,
  position: number,
  size: number,
  known: Uint8Array,
): number {
  const here = picture[at * 3 + channel]!;
  const before = position > 0 && known[at - step] === 1 ? picture[(at - step) * 3 + channel]! : undefined;
  const after = position < size - 1 && known[at + step] === 1 ? picture[(at + step) * 3 + channel]! : undefined;
  if (before !== undefined && after !== undefined) return (after - before) / 2;
  if (after !== undefined) return after - here;
  return before === undefined ? 0 : here - before;
}

/** Pixels of the front, the earliest first: a binary heap over their levels, which do not change once they are in. */
class Front {
  readonly #level: Float64Array;
  readonly #heap: number[] = [];

  constructor(level: Float64Array) {
    this.#level = level;
  }

  push(at: number): void {
    const heap = this.#heap;
    let place = heap.push(at) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#level[heap[parent]!]! <= this.#level[at]!) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = at;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#level[heap[child + 1]!]! < this.#level[heap[child]!]!) child += 1;
      if (this.#level[heap[child]!]! >= this.#level[last]!) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}
