/** @file Position embeddings of a vision transformer at another input size than they were learnt for. */
import { BusanaError } from '@busana/contracts';
import { floats, type Tensor, type TensorMap } from '@busana/engine';

const NAME = 'pos_embed';
/** Keys' cubic convolution (1981) with a = -0.5: Catmull-Rom. */
const A = -0.5;
const REACH = 2;

export interface PositionOptions {
  /** Patches along each side of the input. */
  readonly side: number;
  /** Learnt tokens before the patches, whose positions stay as they are. */
  readonly special: number;
}

/**
 * `pos_embed` `[1, special + old side^2, D]` -> `[1, special + side^2, D]` by bicubic interpolation, antialiased when the
 * grid shrinks (Dosovitskiy et al. 2021, section 3.2; PyTorch's `interpolate(mode='bicubic', antialias=True)`).
 * @throws BusanaError WEIGHTS_INVALID when the positions are no square
 */
export function interpolatePositions(weights: TensorMap, { side, special }: PositionOptions): TensorMap {
  const learnt = weights.get(NAME);
  if (learnt === undefined) return weights;
  const [, tokens = 0, width = 0] = learnt.shape;
  const old = Math.sqrt(tokens - special);
  if (!Number.isInteger(old)) {
    throw new BusanaError('WEIGHTS_INVALID', `${NAME} has ${tokens} positions: ${special} and a square were expected`);
  }
  if (old === side) return weights;
  const data = learnt.data as Float32Array;
  const grid = data.subarray(special * width);
  const rows = resample(grid, { lines: old, from: old, to: side, width });
  const both = transpose(
    resample(transpose(rows, old, side, width), { lines: side, from: old, to: side, width }),
    side,
    side,
    width,
  );
  const result: Tensor = floats([1, special + side * side, width], [...data.subarray(0, special * width), ...both]);
  return new Map([...weights, [NAME, result]]);
}

interface Resampling {
  readonly lines: number;
  /** Points per line before and after. */
  readonly from: number;
  readonly to: number;
  /** Numbers per point. */
  readonly width: number;
}

/** `[lines, from, width]` -> `[lines, to, width]` */
function resample(source: Float32Array, { lines, from, to, width }: Resampling): Float32Array {
  const scale = from / to;
  const spread = Math.max(scale, 1);
  const result = new Float32Array(lines * to * width);
  for (let point = 0; point < to; point += 1) {
    const centre = (point + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - REACH * spread + 0.5));
    const end = Math.min(from, Math.trunc(centre + REACH * spread + 0.5));
    const weights = Array.from({ length: end - first }, (_, index) => cubic((first + index - centre + 0.5) / spread));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let line = 0; line < lines; line += 1) {
      for (let channel = 0; channel < width; channel += 1) {
        let sum = 0;
        for (const [index, weight] of weights.entries()) {
          sum += weight * source[(line * from + first + index) * width + channel]!;
        }
        result[(line * to + point) * width + channel] = sum / total;
      }
    }
  }
  return result;
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * A;
  return 0;
}

/** `[rows, columns, width]` -> `[columns, rows, width]` */
function transpose(source: Float32Array, rows: number, columns: number, width: number): Float32Array {
  const result = new Float32Array(source.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const from = (row * columns + column) * width;
      result.set(source.subarray(from, from + width), (column * rows + row) * width);
    }
  }
  return result;
}
