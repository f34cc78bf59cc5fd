import { converter } from 'culori';

/** A colour in CIELAB under D65: lightness 0 black to 100 white, a green to red, b blue to yellow. */
export interface Lab {
  readonly l: number;
  readonly a: number;
  readonly b: number;
}

const convert = converter('lab65');

/** @param red, green and blue of sRGB, 0..255 */
export function labOf(red: number, green: number, blue: number): Lab {
  const { l, a, b } = convert({ mode: 'rgb', r: red / 255, g: green / 255, b: blue / 255 });
  return { l, a, b };
}
