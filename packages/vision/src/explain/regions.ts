/** @file The hierarchy of picture regions that the partition method goes down. */

/** A block of pixels and channels; upper ends are not included. */
export interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  /** Channels. */
  readonly first: number;
  readonly end: number;
}

export function wholePicture(size: number): Box {
  return { top: 0, bottom: size, left: 0, right: size, first: 0, end: 3 };
}

/** Numbers in a box. */
export function countOf({ top, bottom, left, right, first, end }: Box): number {
  return (bottom - top) * (right - left) * (end - first);
}

/**
 * The two halves of a box: its longer side is cut in the middle, rows before columns, channels when it is one pixel;
 * of an odd side the first part is larger. Undefined for a single number. The hierarchy of shap's image maskers.
 */
export function halves(box: Box): readonly [Box, Box] | undefined {
  const { top, bottom, left, right, first, end } = box;
  const [height, width, depth] = [bottom - top, right - left, end - first];
  if (height * width * depth === 1) return undefined;
  if (height >= width && height > 1) {
    const middle = top + Math.ceil(height / 2);
    return [
      { ...box, bottom: middle },
      { ...box, top: middle },
    ];
  }
  if (width > 1) {
    const middle = left + Math.ceil(width / 2);
    return [
      { ...box, right: middle },
      { ...box, left: middle },
    ];
  }
  const middle = first + Math.ceil(depth / 2);
  return [
    { ...box, end: middle },
    { ...box, first: middle },
  ];
}

/** Which regions of the photo are shown, all others being hidden: a chain of boxes that do not overlap. */
export interface Coalition {
  readonly box: Box;
  readonly rest: Coalition | undefined;
}

/** Calls with the positions `[from, to)` of each run of numbers in a box of a `[size, size, channels = 3]` array. */
export function eachRun(box: Box, size: number, visit: (from: number, to: number) => void): void {
  const { top, bottom, left, right, first, end } = box;
  for (let row = top; row < bottom; row += 1) {
    const start = row * size * 3;
    if (first === 0 && end === 3) {
      visit(start + left * 3, start + right * 3);
      continue;
    }
    for (let column = left; column < right; column += 1) visit(start + column * 3 + first, start + column * 3 + end);
  }
}

/** Everything but a box. */
export function complement({ top, bottom, left, right }: Box, size: number): Coalition | undefined {
  const whole = wholePicture(size);
  const around = [
    { ...whole, bottom: top },
    { ...whole, top: bottom },
    { ...whole, top, bottom, right: left },
    { ...whole, top, bottom, left: right },
  ];
  return around.reduce<Coalition | undefined>((rest, box) => (countOf(box) === 0 ? rest : { box, rest }), undefined);
}
