/** @file A photo made small enough to look at every pixel in a millisecond: what decides a colour is larger than that. */
import type { Picture } from '../image/picture.ts';
import { labPixels } from './lab.ts';

/** Pixels on the longer side, about: 3 of a photo of 224 make one. */
const SIDE = 75;

export interface Grid {
  readonly width: number;
  readonly height: number;
  /** CIELAB, `[height * width * 3]`. */
  readonly lab: Float32Array;
  /** Pixels of the photo along a side of one of these. */
  readonly step: number;
}

/** Averages squares of `step` by `step` pixels; what is left over at the right and at the bottom is not looked at. */
export function gridOf({ width, height, data }: Picture): Grid {
  const step = Math.max(1, Math.min(Math.round(Math.max(width, height) / SIDE), width, height));
  const [columns, rows] = [Math.floor(width / step), Math.floor(height / step)];
  const rgb = new Float32Array(rows * columns * 3);
  for (let y = 0; y < rows * step; y += 1) {
    let at = Math.floor(y / step) * columns * 3;
    let from = y * width * 3;
    for (let column = 0; column < columns; column += 1) {
      for (let x = 0; x < step; x += 1) {
        rgb[at]! += data[from]!;
        rgb[at + 1]! += data[from + 1]!;
        rgb[at + 2]! += data[from + 2]!;
        from += 3;
      }
      at += 3;
    }
  }
  for (let at = 0; at < rgb.length; at += 1) rgb[at]! /= step * step;
  return { width: columns, height: rows, lab: labPixels(rgb), step };
}
