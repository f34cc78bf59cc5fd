/** @file People wear what is photographed: their skin is not of the garment. */
import type { Grid } from '../colour/grid.ts';

/** Skin of any shade under usual light: between red and yellow, neither pale nor vivid, not dark (in CIELAB). */
const SKIN = { lightness: [28, 92], chroma: [11, 42], hue: [28, 76] } as const;
/** Where more than this share of the rest would be lost, the garment itself has the colour of skin. */
const MOST = 0.55;

/** The mask without pixels that look like skin, unless most of it does. */
export function withoutSkin({ lab }: Grid, mask: Uint8Array): Uint8Array {
  const rest = mask.map((pixel, at) => (pixel === 1 && !isSkin(lab, at) ? 1 : 0));
  const [before, after] = [mask, rest].map((pixels) => pixels.reduce((area, pixel) => area + pixel, 0)) as [
    number,
    number,
  ];
  return before - after > MOST * before ? mask : rest;
}

function isSkin(lab: Float32Array, pixel: number): boolean {
  const l = lab[pixel * 3]!;
  const a = lab[pixel * 3 + 1]!;
  const b = lab[pixel * 3 + 2]!;
  if (!within(l, SKIN.lightness) || !within(Math.sqrt(a * a + b * b), SKIN.chroma)) return false;
  return within((Math.atan2(b, a) * 180) / Math.PI, SKIN.hue);
}

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}
