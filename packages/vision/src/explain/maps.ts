/** @file From the coarse maps of a network to the pixels of the photo. */

/** A map with one number a place, rows top to bottom. */
export interface PlaceMap {
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
}

/** Left and right exchanged. */
export function mirroredMap({ height, width, values }: PlaceMap): PlaceMap {
  return {
    height,
    width,
    values: values.map((_, at) => values[at - (at % width) + width - 1 - (at % width)]!),
  };
}

export function meanMap(maps: readonly PlaceMap[]): PlaceMap {
  const [first] = maps as [PlaceMap];
  return {
    ...first,
    values: first.values.map((_, at) => maps.reduce((sum, { values }) => sum + values[at]!, 0) / maps.length),
  };
}

/** Bilinear, pixel centres aligned as in half-pixel coordinates: `[size, size]`. */
export function enlargeMap({ height, width, values }: PlaceMap, size: number): Float32Array {
  const result = new Float32Array(size * size);
  const sample = (position: number, count: number): readonly [number, number, number] => {
    const at = Math.min(count - 1, Math.max(0, ((position + 0.5) * count) / size - 0.5));
    const low = Math.floor(at);
    return [low, Math.min(count - 1, low + 1), at - low];
  };
  for (let row = 0; row < size; row += 1) {
    const [top, bottom, down] = sample(row, height);
    for (let column = 0; column < size; column += 1) {
      const [left, right, across] = sample(column, width);
      const at = (y: number, x: number): number => values[y * width + x]!;
      const upper = at(top, left) * (1 - across) + at(top, right) * across;
      const lower = at(bottom, left) * (1 - across) + at(bottom, right) * across;
      result[row * size + column] = upper * (1 - down) + lower * down;
    }
  }
  return result;
}
