import { labOf } from '../image/lab.ts';

/**
 * Mean CIE76 difference (Euclidean in CIELAB, D65) of two pictures, place by place. 2.3 is just noticeable (Mahy et al.
 * 1994), black and white are 100 apart.
 * @param first uint8 RGB `[pixels, 3]` @param second of the same length
 */
export function colourDifference(first: Uint8Array, second: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < first.length; at += 3) {
    const p = labOf(first[at]!, first[at + 1]!, first[at + 2]!);
    const q = labOf(second[at]!, second[at + 1]!, second[at + 2]!);
    sum += Math.hypot(p.l - q.l, p.a - q.a, p.b - q.b);
  }
  return sum / (first.length / 3);
}
