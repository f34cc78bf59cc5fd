import { converter } from 'culori';

const toLab = converter('lab65');

/**
 * Mean CIE76 difference (Euclidean in CIELAB, D65) of two pictures, place by place. 2.3 is just noticeable (Mahy et al.
 * 1994), black and white are 100 apart.
 * @param a uint8 RGB `[pixels, 3]` @param b of the same length
 */
export function colourDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 3) {
    const [p, q] = [labOf(a, at), labOf(b, at)];
    sum += Math.hypot(p.l - q.l, p.a - q.a, p.b - q.b);
  }
  return sum / (a.length / 3);
}

function labOf(rgb: Uint8Array, at: number): { readonly l: number; readonly a: number; readonly b: number } {
  return toLab({ mode: 'rgb', r: rgb[at]! / 255, g: rgb[at + 1]! / 255, b: rgb[at + 2]! / 255 });
}
