/** @file What stands where a part of the photo is hidden. */
import type { Masking } from '@busana/contracts';
import { blur } from './blur.ts';
import { inpaint } from './inpaint.ts';
import { eachRun, type Coalition } from './regions.ts';

/** Draws the photo with just these regions shown. @param into uint8 `[size, size, 3]` */
export type Masker = (shown: Coalition | undefined, into: Uint8Array) => void;

/** Share of the side that the window of `blur` has: shap's examples blur 224 pixels by 128. */
const BLUR_SHARE = 4 / 7;

/** The photo so blurred that no shape is left of it. @param picture uint8 `[size, size, 3]` */
export function blurred(picture: Uint8Array, size: number): Uint8Array {
  return blur(picture, size, Math.max(1, Math.round(size * BLUR_SHARE)));
}

/** @param picture uint8 `[size, size, 3]` */
export function maskerOf(masking: Masking, picture: Uint8Array, size: number): Masker {
  return masking === 'blur' ? blendWith(blurred(picture, size), picture, size) : inpaintHidden(picture, size);
}

/** Hidden numbers are taken from another picture of the same size. */
export function blendWith(hidden: Uint8Array, picture: Uint8Array, size: number): Masker {
  return (shown, into) => {
    into.set(hidden);
    for (let part = shown; part !== undefined; part = part.rest) {
      eachRun(part.box, size, (from, to) => into.set(picture.subarray(from, to), from));
    }
  };
}

/** A pixel of which a channel is hidden is painted in as a whole. */
function inpaintHidden(picture: Uint8Array, size: number): Masker {
  return (shown, into) => {
    const seen = new Uint8Array(size * size * 3);
    for (let part = shown; part !== undefined; part = part.rest) {
      eachRun(part.box, size, (from, to) => seen.fill(1, from, to));
    }
    const hidden = new Uint8Array(size * size);
    hidden.forEach((_, at) => {
      hidden[at] = seen[at * 3]! + seen[at * 3 + 1]! + seen[at * 3 + 2]! === 3 ? 0 : 1;
    });
    into.set(inpaint(picture, hidden, size));
  };
}
