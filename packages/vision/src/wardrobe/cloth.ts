/** @file How cloth takes the light: shading across each piece, folds and wrinkles. */
import type { Random } from '@busana/engine';
import { hex, shift, type Lch } from './colours.ts';
import { sides, sleeveCorners, type Cut } from './cut.ts';

/** Gradients `torso`, `sleeve-left` and `sleeve-right` for a cloth of one colour, the light from `from` (-1 left, 1 right). */
export function clothGradients(torso: Lch, sleeves: Lch, from: number): string {
  const stop = (offset: number, colour: Lch, change: number) =>
    `<stop offset="${offset}" stop-color="${hex(shift(colour, change))}"/>`;
  const across = (name: string, colour: Lch, left: number, right: number) =>
    `<linearGradient id="${name}">${stop(0, colour, left)}${stop(0.28, colour, 1)}${stop(0.5, colour, 3)}${stop(0.72, colour, 0)}${stop(1, colour, right)}</linearGradient>`;
  return (
    across('torso', torso, -9 - 5 * from, -9 + 5 * from) +
    across('sleeve-left', sleeves, -10 - 5 * from, -5 + 3 * from) +
    across('sleeve-right', sleeves, -5 - 3 * from, -10 + 5 * from)
  );
}

/** Soft dark and light strokes: drapes from the armpits, wrinkles over the belly and at the elbows. */
export function folds(cut: Cut, colour: Lch, random: Random): string {
  const strokes: string[] = [];
  const stroke = (path: string, width: number) => {
    // Dark cloth shows its folds in the light, light cloth in the shadow.
    const dark = random.chance(colour.l > 35 ? 0.7 : 0.4);
    const opacity = dark ? random.uniform(0.1, 0.28) : random.uniform(0.06, 0.2);
    strokes.push(softStroke(path, width, dark ? '#000' : '#fff', opacity));
  };
  for (const side of sides) {
    const { start, outer, inner, armpit } = sleeveCorners(cut, side);
    for (let drape = random.integer(1, 3); drape > 0; drape -= 1) {
      const end = { x: side * random.uniform(0, 0.6) * cut.chest, y: armpit.y + random.uniform(25, 110) };
      stroke(
        `M${armpit.x - side * 6} ${armpit.y} Q${side * cut.chest * 0.6} ${armpit.y + 12} ${end.x} ${end.y}`,
        random.uniform(4, 9),
      );
    }
    for (let wrinkle = random.integer(1, cut.sleeve.long ? 5 : 2); wrinkle > 0; wrinkle -= 1) {
      const along = random.uniform(0.25, 0.95);
      const from = { x: start.x + (outer.x - start.x) * along, y: start.y + (outer.y - start.y) * along };
      const to = {
        x: armpit.x + (inner.x - armpit.x) * along,
        y: armpit.y + (inner.y - armpit.y) * along + random.uniform(-14, 14),
      };
      stroke(`M${from.x} ${from.y} L${to.x} ${to.y}`, random.uniform(3, 7));
    }
  }
  for (let wrinkle = random.integer(2, 6); wrinkle > 0; wrinkle -= 1) {
    const x = random.uniform(-0.8, 0.8) * cut.hem;
    const y = cut.bottom - random.uniform(0, 120);
    const lean = random.uniform(-30, 30);
    stroke(
      `M${x} ${y} q${lean * 0.2} ${-random.uniform(15, 30)} ${lean} ${-random.uniform(40, 80)}`,
      random.uniform(4, 10),
    );
  }
  return `<g fill="none" stroke-linecap="round">${strokes.join('')}</g>`;
}

/** A stroke that fades to its sides: strokes of several widths on top of each other cost a tenth of a blur filter. */
export function softStroke(path: string, width: number, colour: string, opacity: number): string {
  const layers = [2, 1.5, 1, 0.5].map((share) => `<path d="${path}" stroke-width="${width * share}"/>`);
  return `<g stroke="${colour}" stroke-opacity="${opacity / layers.length}">${layers.join('')}</g>`;
}

/** Lines of a knitted band between two edges, each from `from[i]` to `to[i]`. */
export function ribs(fromLeft: number, fromRight: number, top: number, bottom: number, colour: Lch): string {
  const step = 5;
  const lines: string[] = [];
  for (let x = fromLeft + step; x < fromRight; x += step) lines.push(`M${x} ${top} V${bottom}`);
  return `<path d="${lines.join('')}" stroke="${hex(shift(colour, -12))}" stroke-opacity="0.45" stroke-width="1.2" fill="none"/>`;
}
