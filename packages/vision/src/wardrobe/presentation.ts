/** @file How the garment is shown: laid flat, on a hanger, or worn by a shop-window dummy. */
import type { Random } from '@busana/engine';
import { hex, pickOther, shift, type ColourName, type Lch } from './colours.ts';
import { sides, sleeveCorners, type Cut } from './cut.ts';
import type { Garment } from './garment.ts';

/** What is drawn behind the garment and in front of it. */
export interface Presentation {
  readonly behind: string;
  readonly front: string;
}

export function present(garment: Garment, name: ColourName, random: Random): Presentation {
  const kind = random.uniform();
  if (kind < 0.58) return { behind: '', front: '' };
  if (kind < 0.82) return { behind: hanger(garment.cut, random), front: '' };
  return worn(garment, name, random);
}

function hanger({ neck, shoulder, slope, top }: Cut, random: Random): string {
  const tone = hex(random.pick<Lch>([{ l: 55, c: 34, h: 65 }, { l: 30, c: 2, h: 60 }, { l: 80, c: 2, h: 60 }])); // prettier-ignore
  const reach = Math.max(neck, shoulder * 0.8);
  return `<path d="M${-reach} ${top + slope + 4} L0 ${top - 16} L${reach} ${top + slope + 4}" fill="none" stroke="${tone}" stroke-width="8" stroke-linejoin="round" stroke-linecap="round"/><path d="M0 ${top - 16} V${top - 34} C0 ${top - 44} 16 ${top - 46} 16 ${top - 58} C16 ${top - 74} -10 ${top - 76} -12 ${top - 60}" fill="none" stroke="${hex({ l: 62, c: 3, h: 250 })}" stroke-width="4" stroke-linecap="round"/>`;
}

const skins: readonly Lch[] = [
  { l: 82, c: 18, h: 65 },
  { l: 68, c: 28, h: 62 },
  { l: 50, c: 28, h: 58 },
  { l: 34, c: 20, h: 52 },
  // Dummies of plaster and of grey plastic.
  { l: 88, c: 3, h: 85 },
  { l: 48, c: 1, h: 85 },
];

function worn({ cut, hoodUp }: Garment, name: ColourName, random: Random): Presentation {
  const skin = random.pick(skins);
  const trousers = random.chance(0.5)
    ? pickOther(name, random)
    : { l: random.uniform(15, 60), c: random.uniform(2, 24), h: 270 };
  const hair = { l: random.uniform(10, 34), c: random.uniform(3, 18), h: 55 };
  const { hem, bottom, top, neck } = cut;
  const leg = hem * 0.86;
  const legs = `<path d="M${-leg} ${bottom - 24} L${-leg * 0.96} 420 H${-leg * 0.1} L0 ${bottom + 60} L${leg * 0.1} 420 H${leg * 0.96} L${leg} ${bottom - 24} Z" fill="${hex(trousers)}" stroke="${hex(shift(trousers, -12))}" stroke-width="2"/>`;
  const arms = sides.map((side) => {
    const { outer, inner, out } = sleeveCorners(cut, side);
    const wrist = { x: (outer.x + inner.x) / 2, y: (outer.y + inner.y) / 2 };
    const reach = cut.sleeve.long ? 18 : 126;
    const hand = { x: wrist.x + out.x * reach * 0.8, y: wrist.y + (out.y * 0.7 + 0.4) * reach };
    return `<path d="M${wrist.x - out.x * 10} ${wrist.y - out.y * 10} L${hand.x} ${hand.y}" stroke="${hex(skin)}" stroke-width="${cut.sleeve.long ? 19 : 24}" stroke-linecap="round" fill="none"/>`;
  });
  const headless = random.chance(0.4);
  const middle = top - 46;
  const head = headless
    ? ''
    : `<ellipse cx="0" cy="${middle}" rx="29" ry="37" fill="${hex(skin)}"/><path d="M-31 ${middle + 2} C-36 ${middle - 54} 36 ${middle - 54} 31 ${middle + 2} C26 ${middle - 22} -20 ${middle - 26} -31 ${middle + 2} Z" fill="${hex(hair)}"/>`;
  const throat = `<path d="M${-neck * 0.7} ${top + 26} L${-neck * 0.6} ${top - 16} Q0 ${top - 28} ${neck * 0.6} ${top - 16} L${neck * 0.7} ${top + 26} Z" fill="${hex(shift(skin, -5))}"/>`;
  // In a hood that is up the face sits in front of the lining; otherwise head and neck are behind the collar.
  const face = `<ellipse cx="0" cy="${top - 12}" rx="${neck * 0.72}" ry="32" fill="${hex(skin)}"/><path d="M${-neck * 0.72} ${top - 18} Q0 ${top - 62} ${neck * 0.72} ${top - 18} Q0 ${top - 36} ${-neck * 0.72} ${top - 18}" fill="${hex(hair)}"/>`;
  const above = `${throat}${head}`;
  return hoodUp
    ? { behind: `${legs}${arms.join('')}`, front: headless ? '' : face }
    : { behind: `${legs}${arms.join('')}${above}`, front: '' };
}
