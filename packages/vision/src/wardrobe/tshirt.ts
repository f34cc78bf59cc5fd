/** @file What makes a T-shirt of a cut: collar, hems, sometimes a placket or a chest pocket. */
import type { Random } from '@busana/engine';
import { hex, shift, type Lch } from './colours.ts';
import { at, sides, sleeveCorners, type Cut } from './cut.ts';

export function tshirtDetails(cut: Cut, colour: Lch, random: Random): string {
  const collar = random.pick([crewNeck, crewNeck, crewNeck, vNeck, polo]);
  return [
    collar(cut, colour, random),
    hems(cut, colour),
    ...(random.chance(0.18) ? [chestPocket(cut, colour)] : []),
  ].join('');
}

/** The inside of the back, seen through the neck. */
function inside({ neck, neckDrop, top }: Cut, colour: Lch): string {
  return `<path d="M${-neck} ${top} Q0 ${top + 2 * neckDrop} ${neck} ${top} Q0 ${top + 12} ${-neck} ${top} Z" fill="${hex(shift(colour, -18))}"/>`;
}

function crewNeck(cut: Cut, colour: Lch, random: Random): string {
  const { neck, neckDrop, top } = cut;
  const width = random.uniform(5, 9);
  // A ringer has its collar in another shade.
  const band = hex(shift(colour, random.chance(0.2) ? (colour.l > 50 ? -40 : 40) : -7));
  const front = `M${-neck} ${top} Q0 ${top + 2 * neckDrop} ${neck} ${top}`;
  return `${inside(cut, colour)}<path d="M${-neck} ${top} Q0 ${top + 12} ${neck} ${top}" fill="none" stroke="${band}" stroke-width="${width * 0.8}"/><path d="${front}" fill="none" stroke="${band}" stroke-width="${width}" stroke-linecap="round"/>`;
}

function vNeck(cut: Cut, colour: Lch): string {
  const { neck, neckDrop, top } = cut;
  const tip = top + neckDrop + 28;
  return `<path d="M${-neck} ${top} L0 ${tip} L${neck} ${top} Q0 ${top + 14} ${-neck} ${top} Z" fill="${hex(shift(colour, -18))}"/><path d="M${-neck} ${top} L0 ${tip} L${neck} ${top}" fill="none" stroke="${hex(shift(colour, -8))}" stroke-width="6" stroke-linejoin="round"/>`;
}

function polo(cut: Cut, colour: Lch): string {
  const { neck, neckDrop, top } = cut;
  const tip = top + neckDrop + 12;
  const fill = hex(shift(colour, colour.l > 30 ? -4 : 6));
  const edge = hex(shift(colour, colour.l > 30 ? -20 : 18));
  const flap = (side: number) =>
    `<path d="M${side * (neck - 4)} ${top - 6} Q${side * neck * 0.5} ${top + neckDrop} 0 ${tip} L${side * 22} ${tip + 16} L${side * (neck + 9)} ${top + 4} Z" fill="${fill}" stroke="${edge}" stroke-width="1.4"/>`;
  const buttons = [14, 30, 46].map((y) => `<circle cx="0" cy="${tip + y}" r="2.2" fill="${hex(shift(colour, 32))}"/>`);
  return `${inside(cut, colour)}<rect x="-8" y="${tip}" width="16" height="58" rx="2" fill="${fill}" stroke="${edge}" stroke-width="1.2"/>${buttons.join('')}${flap(-1)}${flap(1)}`;
}

/** Double stitches at the hem and at the ends of the sleeves, and the seams where the sleeves are set in. */
function hems(cut: Cut, colour: Lch): string {
  const paths = [`M${-cut.hem + 1} ${cut.bottom - 8} Q0 ${cut.bottom} ${cut.hem - 1} ${cut.bottom - 8}`];
  for (const side of sides) {
    const { start, outer, inner, armpit, out } = sleeveCorners(cut, side);
    const back = (corner: typeof outer) => at({ x: corner.x - out.x * 8, y: corner.y - out.y * 8 });
    paths.push(`M${back(outer)} L${back(inner)}`);
    paths.push(`M${at(start)} Q${side * (cut.shoulder - 5)} ${armpit.y - 18} ${at(armpit)}`);
  }
  return `<path d="${paths.join('')}" fill="none" stroke="${hex(shift(colour, colour.l > 30 ? -16 : 12))}" stroke-opacity="0.7" stroke-width="1.5"/>`;
}

function chestPocket({ chest, top }: Cut, colour: Lch): string {
  const x = chest * 0.22;
  const y = top + 72;
  return `<path d="M${x} ${y} h32 v26 l-16 9 l-16 -9 Z" fill="${hex(shift(colour, -3))}" stroke="${hex(shift(colour, colour.l > 30 ? -18 : 14))}" stroke-width="1.5"/>`;
}
