/** @file The cut of a garment as numbers and the outlines that follow from them. Origin: middle of the chest; y down. */
import type { Random } from '@busana/engine';

export type GarmentType = 'T-shirt' | 'hoodie';

/** Lengths in drawing units; a photo shows 400 of them. Widths are half widths, seen from the middle. */
export interface Cut {
  readonly neck: number;
  readonly neckDrop: number;
  readonly shoulder: number;
  readonly slope: number;
  readonly chest: number;
  readonly waist: number;
  readonly hem: number;
  /** y of the neck's sides and of the hem. */
  readonly top: number;
  readonly bottom: number;
  readonly armhole: number;
  readonly sleeve: {
    readonly long: boolean;
    readonly length: number;
    /** Radians away from hanging straight down. */
    readonly angle: number;
    readonly cuff: number;
  };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** -1 the left of the picture, 1 the right. */
export type Side = -1 | 1;
export const sides: readonly Side[] = [-1, 1];

export function pickCut(type: GarmentType, random: Random): Cut {
  const hoodie = type === 'hoodie';
  // 0 slim, 1 boxy: widths go together, or the garment looks like two sewn into one.
  const boxy = random.uniform();
  const chest = 66 + 24 * boxy + random.uniform(-3, 3);
  const long = random.chance(hoodie ? 1 : 0.03);
  const length = (hoodie ? 200 : 216) + random.uniform(0, 48) - 14 * boxy;
  const spread = random.uniform();
  return {
    neck: random.uniform(24, 31),
    neckDrop: random.uniform(14, 30),
    shoulder: chest * random.uniform(0.86, 0.96),
    slope: random.uniform(12, 26),
    chest,
    waist: chest * random.uniform(0.9, 1),
    hem: chest * random.uniform(0.94, 1.08),
    top: -length * 0.48,
    bottom: length * 0.52,
    armhole: random.uniform(52, 64) + 6 * boxy,
    sleeve: long
      ? { long, length: random.uniform(158, 196), angle: 0.14 + 0.5 * spread, cuff: random.uniform(24, 33) }
      : { long, length: random.uniform(58, 92), angle: 0.74 + 0.42 * spread, cuff: random.uniform(40, 52) },
  };
}

/** The four corners of a sleeve: where it leaves the shoulder, its cuff, and the armpit. */
export function sleeveCorners({ shoulder, slope, chest, top, armhole, sleeve }: Cut, side: Side) {
  const out = { x: side * Math.sin(sleeve.angle), y: Math.cos(sleeve.angle) };
  const start: Point = { x: side * shoulder, y: top + slope };
  const outer: Point = { x: start.x + out.x * sleeve.length, y: start.y + out.y * sleeve.length };
  const inner: Point = { x: outer.x - side * out.y * sleeve.cuff, y: outer.y + side * out.x * sleeve.cuff };
  const armpit: Point = { x: side * chest, y: start.y + armhole };
  return { start, outer, inner, armpit, out };
}

export function sleevePath(cut: Cut, side: Side): string {
  const { start, outer, inner, armpit, out } = sleeveCorners(cut, side);
  const bulge = cut.sleeve.length * 0.07;
  const elbow = { x: (start.x + outer.x) / 2 + side * out.y * bulge, y: (start.y + outer.y) / 2 - bulge };
  const crook = { x: (armpit.x + inner.x) / 2 + side * bulge * 0.5, y: (armpit.y + inner.y) / 2 - bulge * 0.4 };
  // It starts a little inside the torso, which is drawn over it.
  return `M${start.x - side * 14} ${start.y - 4} L${start.x} ${start.y} Q${at(elbow)} ${at(outer)} L${at(inner)} Q${at(crook)} ${at(armpit)} L${armpit.x - side * 14} ${armpit.y} Z`;
}

export function torsoPath(cut: Cut): string {
  const { neck, neckDrop, shoulder, slope, chest, waist, hem, top, bottom, armhole } = cut;
  const armpit = top + slope + armhole;
  const middle = (armpit + bottom) / 2;
  const half = (side: Side, order: 'down' | 'up') => {
    const down = `L${side * shoulder} ${top + slope} Q${side * (shoulder - 5)} ${armpit - 18} ${side * chest} ${armpit} Q${side * waist} ${middle} ${side * hem} ${bottom}`;
    const up = `L${side * hem} ${bottom} Q${side * waist} ${middle} ${side * chest} ${armpit} Q${side * (shoulder - 5)} ${armpit - 18} ${side * shoulder} ${top + slope}`;
    return order === 'down' ? down : up;
  };
  return `M${-neck} ${top} Q0 ${top + 2 * neckDrop} ${neck} ${top} ${half(1, 'down')} Q0 ${bottom + 8} ${-hem} ${bottom} ${half(-1, 'up')} Z`;
}

export function at({ x, y }: Point): string {
  return `${x} ${y}`;
}
