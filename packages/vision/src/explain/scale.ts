/** @file Values as colours: blue against the class, red for it, the stronger the less transparent. */

/** Tell apart with any colour vision deficiency, and in print by their darkness on a pale photo. */
export const AGAINST = [0, 114, 214] as const;
export const FOR = [214, 0, 75] as const;
/** Of the absolute values, the share that the scale covers; as shap's plots. */
const COVERED = 0.999;

/** The absolute value that has the full colour: nearly the largest of all. At least a tiny number. */
export function scaleOf(heats: readonly Float32Array[]): number {
  const all = Float32Array.from(heats.flatMap((heat) => Array.from(heat, Math.abs))).sort();
  return Math.max(Number.MIN_VALUE, all[Math.min(all.length - 1, Math.floor(all.length * COVERED))] ?? 0);
}

/** RGBA `[size, size, 4]`. @param limit absolute value with the full colour */
export function heatPixels(heat: Float32Array, limit: number): Uint8Array {
  const pixels = new Uint8Array(heat.length * 4);
  heat.forEach((value, at) => {
    const strength = Math.min(1, Math.abs(value) / limit);
    pixels.set(value < 0 ? AGAINST : FOR, at * 4);
    pixels[at * 4 + 3] = Math.round(255 * strength ** 0.8);
  });
  return pixels;
}

/** The photo in pale grey, so that colours over it are seen: RGB `[size, size, 3]`. */
export function palePhoto(picture: Uint8Array): Uint8Array {
  const pale = new Uint8Array(picture.length);
  for (let at = 0; at < picture.length; at += 3) {
    // Luma of Rec. 601.
    const grey = 0.299 * picture[at]! + 0.587 * picture[at + 1]! + 0.114 * picture[at + 2]!;
    pale.fill(255 - (255 - grey) * 0.38, at, at + 3);
  }
  return pale;
}
