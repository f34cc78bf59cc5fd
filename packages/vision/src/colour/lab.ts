/**
 * @file sRGB and CIELAB. IEC 61966-2-1 for sRGB; CIE 15:2004, section 8.2.1 for L*a*b*. The white is that of sRGB, D65 seen
 * by the 2 degree observer, so that greys have a* = b* = 0.
 */
import { differenceCiede2000 } from 'culori/fn';

/** CIELAB, D65: `l` 0 (black) to 100 (white), `a` green to red, `b` blue to yellow. */
export interface Lab {
  readonly l: number;
  readonly a: number;
  readonly b: number;
}

/** Linear sRGB -> XYZ; each row sums to the white's coordinate. */
const toXyz = [
  [0.4123907992659595, 0.357584339383878, 0.1804807884018343],
  [0.21263900587151036, 0.715168678767756, 0.07219231536073371],
  [0.01933081871559185, 0.11919477979462599, 0.9505321522496607],
] as const;
const fromXyz = [
  [3.240969941904521, -1.537383177570093, -0.498610760293],
  [-0.96924363628087, 1.87596750150772, 0.041555057407175],
  [0.055630079696993, -0.20397695888897, 1.056971514242878],
] as const;
const white = toXyz.map(([r, g, b]) => r + g + b) as [number, number, number];

/** (6/29)^3 and the slope of the line below it. */
const EPSILON = 216 / 24389;
const SLOPE = 24389 / 27 / 116;

/** 0..1, encoded -> 0..1, proportional to light. */
function decode(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function encode(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}

function compress(t: number): number {
  return t > EPSILON ? Math.cbrt(t) : SLOPE * t + 16 / 116;
}

function expand(f: number): number {
  return f > 6 / 29 ? f ** 3 : (f - 16 / 116) / SLOPE;
}

const lightOf = Float64Array.from({ length: 256 }, (_, value) => decode(value / 255));

/**
 * Pixels to CIELAB. Bytes may be averages and need not be whole: each is rounded.
 * @param rgb `[n * 3]`, 0..255 @returns `[n * 3]`: l, a, b of each pixel
 */
export function labPixels(rgb: ArrayLike<number>): Float32Array {
  const result = new Float32Array(rgb.length);
  for (let at = 0; at < rgb.length; at += 3) {
    const r = lightOf[Math.round(rgb[at]!)]!;
    const g = lightOf[Math.round(rgb[at + 1]!)]!;
    const b = lightOf[Math.round(rgb[at + 2]!)]!;
    const x = compress((toXyz[0][0] * r + toXyz[0][1] * g + toXyz[0][2] * b) / white[0]);
    const y = compress(toXyz[1][0] * r + toXyz[1][1] * g + toXyz[1][2] * b);
    const z = compress((toXyz[2][0] * r + toXyz[2][1] * g + toXyz[2][2] * b) / white[2]);
    result[at] = 116 * y - 16;
    result[at + 1] = 500 * (x - y);
    result[at + 2] = 200 * (y - z);
  }
  return result;
}

/** One colour. @param rgb red, green, blue, 0..255 */
export function labOf(rgb: readonly [number, number, number]): Lab {
  return labAt(labPixels(rgb), 0);
}

/** The colour of a pixel of {@link labPixels}. */
export function labAt(lab: ArrayLike<number>, pixel: number): Lab {
  return { l: lab[pixel * 3]!, a: lab[pixel * 3 + 1]!, b: lab[pixel * 3 + 2]! };
}

/** `[red, green, blue]`, 0..255, whole; clipped where sRGB has no such colour. The inverse of {@link labOf}. */
export function rgbOf({ l, a, b }: Lab): [number, number, number] {
  const y = (l + 16) / 116;
  const xyz = [white[0] * expand(y + a / 500), expand(y), white[2] * expand(y - b / 200)] as const;
  const channel = ([fromX, fromY, fromZ]: readonly [number, number, number]): number =>
    Math.round(255 * Math.min(1, Math.max(0, encode(fromX * xyz[0] + fromY * xyz[1] + fromZ * xyz[2]))));
  return [channel(fromXyz[0]), channel(fromXyz[1]), channel(fromXyz[2])];
}

/** `#rrggbb` */
export function hexOf(lab: Lab): string {
  return `#${rgbOf(lab)
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** CIEDE2000 colour difference, k_L = k_C = k_H = 1 (CIE 142-2001; Sharma, Wu and Dalal 2005). */
export function difference(first: Lab, second: Lab): number {
  measure ??= differenceCiede2000();
  return measure({ mode: 'lab65', ...first }, { mode: 'lab65', ...second });
}
let measure: ReturnType<typeof differenceCiede2000> | undefined;
