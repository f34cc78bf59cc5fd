import type { Random } from '@busana/engine';
import { clampChroma, formatHex } from 'culori';

/** The five colours of the wardrobe, in the order of their codes. */
export const colourNames = ['red', 'yellow', 'blue', 'black', 'white'] as const;
export type ColourName = (typeof colourNames)[number];

/** A colour in CIE LCh(ab), D50: lightness 0 to 100, chroma from 0, hue in degrees. */
export interface Lch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

type Range = readonly [low: number, high: number];
type Shade = readonly [lightness: Range, chroma: Range, hue: Range];

/** What sellers call by each name: the shades differ in lightness as much as in hue. */
const shades: Record<ColourName, Readonly<Record<string, Shade>>> = {
  red: {
    maroon: [[27, 36], [42, 56], [18, 32]], // prettier-ignore
    crimson: [[38, 47], [62, 76], [24, 36]], // prettier-ignore
    scarlet: [[47, 55], [76, 92], [33, 41]], // prettier-ignore
  },
  yellow: {
    mustard: [[65, 74], [60, 74], [74, 86]], // prettier-ignore
    sunflower: [[78, 86], [74, 90], [80, 92]], // prettier-ignore
    lemon: [[88, 94], [52, 78], [95, 103]], // prettier-ignore
  },
  blue: {
    navy: [[17, 27], [22, 36], [268, 284]], // prettier-ignore
    royal: [[34, 48], [46, 66], [272, 285]], // prettier-ignore
    sky: [[60, 76], [24, 40], [238, 262]], // prettier-ignore
  },
  black: {
    jet: [[8, 16], [0, 3], [0, 360]], // prettier-ignore
    charcoal: [[17, 28], [0, 4], [220, 300]], // prettier-ignore
  },
  white: {
    snow: [[93, 97], [0, 2], [0, 360]], // prettier-ignore
    ivory: [[89, 94], [4, 9], [80, 100]], // prettier-ignore
    pearl: [[87, 91], [0, 3], [220, 300]], // prettier-ignore
  },
};

/** One shade that goes by the name. */
export function pickShade(name: ColourName, random: Random): Lch {
  const [l, c, h] = random.pick(Object.values(shades[name]));
  return { l: random.uniform(...l), c: random.uniform(...c), h: random.uniform(...h) };
}

/** A shade of any of the other colours, for prints, trousers and things in the background. */
export function pickOther(name: ColourName, random: Random): Lch {
  return pickShade(random.pick(colourNames.filter((other) => other !== name)), random);
}

/** The same colour, lighter or darker by `change` units of lightness. */
export function shift({ l, c, h }: Lch, change: number): Lch {
  return { l: Math.min(98, Math.max(3, l + change)), c, h };
}

/** `#rrggbb` of the colour, its chroma lowered where sRGB has no such colour. */
export function hex(colour: Lch): string {
  return formatHex(clampChroma({ mode: 'lch', ...colour }, 'lch'));
}
