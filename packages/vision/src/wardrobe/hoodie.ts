/** @file What makes a hoodie of a cut: the hood, pocket or zip, drawstrings, knitted bands. */
import type { Random } from '@busana/engine';
import { ribs } from './cloth.ts';
import { hex, shift, type Lch } from './colours.ts';
import { at, sides, sleeveCorners, type Cut } from './cut.ts';

/** Drawn behind the torso: the standing hood, or what shows of a hood that hangs down the back. */
export function hoodBehind(cut: Cut, colour: Lch, up: boolean, random: Random): string {
  const { neck, top, slope } = cut;
  const width = neck + random.uniform(16, 26);
  const height = up ? random.uniform(66, 92) : random.uniform(32, 48);
  const foot = top + slope * 0.7;
  return `<path d="M${-width} ${foot} C${-width - 10} ${top - height * 0.6} ${-width * 0.6} ${top - height} 0 ${top - height} C${width * 0.6} ${top - height} ${width + 10} ${top - height * 0.6} ${width} ${foot} Z" fill="${hex(shift(colour, -5))}" stroke="${hex(shift(colour, -15))}" stroke-width="1.4"/>`;
}

export function hoodieDetails(cut: Cut, colour: Lch, up: boolean, random: Random): string {
  const zipped = random.chance(0.35);
  return [
    hoodFront(cut, colour, up, random),
    bands(cut, colour),
    zipped ? zip(cut, colour, random) : '',
    zipped ? sidePockets(cut, colour) : random.chance(0.9) ? kangarooPocket(cut, colour, random) : '',
    random.chance(0.85) ? drawstrings(cut, colour, random) : '',
  ].join('');
}

/** Opening, lining and the crossed front edges of the hood. */
function hoodFront({ neck, neckDrop, top }: Cut, colour: Lch, up: boolean, random: Random): string {
  const lining = hex(shift(colour, colour.l > 30 ? -26 : -7));
  const edge = hex(shift(colour, colour.l > 30 ? -13 : 11));
  const width = neck + 4;
  const tip = top + neckDrop + random.uniform(14, 24);
  const crown = up ? top - random.uniform(46, 62) : top - 12;
  const opening = `M0 ${tip} C${-width * 1.1} ${top + 12} ${-width} ${crown} 0 ${crown} C${width} ${crown} ${width * 1.1} ${top + 12} 0 ${tip} Z`;
  const lapel = (side: number) =>
    `<path d="M${side * (neck + 12)} ${top + 8} Q${side * neck * 0.9} ${top + neckDrop + 12} 0 ${tip + 12} L0 ${tip} C${side * width * 0.8} ${top + 22} ${side * width} ${top + 4} ${side * (width - 2)} ${top - 8} Z" fill="${hex(shift(colour, 2))}" stroke="${edge}" stroke-width="1.4"/>`;
  return `<path d="${opening}" fill="${lining}" stroke="${edge}" stroke-width="4"/>${lapel(-1)}${lapel(1)}`;
}

/** Knitted bands at the hem and at the wrists. */
function bands(cut: Cut, colour: Lch): string {
  const { hem, bottom } = cut;
  const height = 17;
  const fill = hex(shift(colour, -6));
  const edge = hex(shift(colour, colour.l > 30 ? -18 : 11));
  const waistband = `<path d="M${-hem - 1} ${bottom - height} Q0 ${bottom - height + 8} ${hem + 1} ${bottom - height} L${hem - 5} ${bottom + 3} Q0 ${bottom + 11} ${-hem + 5} ${bottom + 3} Z" fill="${fill}" stroke="${edge}" stroke-width="1.2"/>${ribs(-hem + 4, hem - 4, bottom - height + 6, bottom + 5, colour)}`;
  const cuffs = sides.map((side) => {
    const { outer, inner, out } = sleeveCorners(cut, side);
    const along = (corner: typeof outer, distance: number) =>
      at({ x: corner.x + out.x * distance, y: corner.y + out.y * distance });
    return `<path d="M${along(outer, -14)} L${along(outer, 6)} L${along(inner, 6)} L${along(inner, -14)} Z" fill="${fill}" stroke="${edge}" stroke-width="1.2"/>`;
  });
  return waistband + cuffs.join('');
}

function kangarooPocket({ chest, bottom }: Cut, colour: Lch, random: Random): string {
  const top = bottom - random.uniform(68, 82);
  const narrow = chest * random.uniform(0.34, 0.46);
  const wide = chest * random.uniform(0.62, 0.74);
  const foot = bottom - 19;
  return `<path d="M${-narrow} ${top} L${narrow} ${top} L${wide} ${top + 34} L${wide} ${foot} Q0 ${foot + 6} ${-wide} ${foot} L${-wide} ${top + 34} Z" fill="${hex(shift(colour, -2))}" stroke="${hex(shift(colour, colour.l > 30 ? -20 : 13))}" stroke-width="2"/>`;
}

function sidePockets({ chest, bottom }: Cut, colour: Lch): string {
  const line = (side: number) => `M${side * chest * 0.42} ${bottom - 72} L${side * chest * 0.72} ${bottom - 34}`;
  return `<path d="${line(-1)}${line(1)}" stroke="${hex(shift(colour, colour.l > 30 ? -24 : 14))}" stroke-width="3" fill="none"/>`;
}

function zip({ neckDrop, top, bottom }: Cut, colour: Lch, random: Random): string {
  const start = top + neckDrop + 26;
  const metal = hex(random.chance(0.5) ? { l: 75, c: 2, h: 250 } : shift(colour, -24));
  return `<path d="M0 ${start} V${bottom + 4}" stroke="${hex(shift(colour, -16))}" stroke-width="7"/><path d="M0 ${start} V${bottom + 4}" stroke="${metal}" stroke-width="2.6" stroke-dasharray="2.4 1.6"/><rect x="-3" y="${start}" width="6" height="13" rx="2" fill="${metal}"/>`;
}

function drawstrings({ neckDrop, top }: Cut, colour: Lch, random: Random): string {
  const cord = hex(random.chance(0.5) ? { l: 92, c: 2, h: 90 } : shift(colour, colour.l > 30 ? -26 : 30));
  const start = top + neckDrop + 24;
  const cords = sides.map((side) => {
    const end = { x: side * random.uniform(10, 20), y: start + random.uniform(34, 66) };
    return `<path d="M${side * 12} ${start - 6} Q${side * random.uniform(4, 24)} ${start + 24} ${at(end)}" fill="none" stroke="${cord}" stroke-width="3.2" stroke-linecap="round"/><circle cx="${end.x}" cy="${end.y}" r="3" fill="${cord}"/>`;
  });
  return cords.join('');
}
