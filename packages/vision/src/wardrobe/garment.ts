import { Random } from '@busana/engine';
import { clothGradients, folds } from './cloth.ts';
import { hex, pickOther, pickShade, shift, type ColourName, type Lch } from './colours.ts';
import { at, pickCut, sides, sleeveCorners, sleevePath, torsoPath, type Cut, type GarmentType } from './cut.ts';
import { hoodBehind, hoodieDetails } from './hoodie.ts';
import { print } from './prints.ts';
import { tshirtDetails } from './tshirt.ts';

export interface Garment {
  readonly cut: Cut;
  readonly colour: Lch;
  /** SVG definitions the drawing refers to. */
  readonly definitions: string;
  /** SVG of the garment alone, origin in the middle of the chest. */
  readonly drawing: string;
  /** SVG path of its silhouette, for its shadow. */
  readonly silhouette: string;
  readonly hoodUp: boolean;
}

/** One T-shirt or hoodie of the named colour; everything else about it is drawn by lot. */
export function drawGarment(type: GarmentType, name: ColourName, keys: readonly (number | string)[]): Garment {
  const stream = (what: string) => Random.of(...keys, what);
  const cut = pickCut(type, stream('cut'));
  const colour = pickShade(name, stream('colour'));
  const style = stream('style');
  const raglan = style.chance(type === 'T-shirt' ? 0.08 : 0.03);
  const sleeveColour = raglan ? pickOther(name, style) : colour;
  const hoodUp = type === 'hoodie' && style.chance(0.55);
  const printed = style.chance(0.55)
    ? print(cut, [pickOther(name, style), pickOther(name, style)], stream('print'))
    : '';
  const torso = torsoPath(cut);
  const sleeves = sides.map((side) => sleevePath(cut, side));
  const edge = hex(shift(colour, colour.l > 35 ? -16 : 9));
  const sleeveStripes = style.chance(0.1) ? stripesOnSleeves(cut, pickOther(name, style)) : '';
  const piece = (path: string, fill: string) =>
    `<path d="${path}" fill="url(#${fill})" stroke="${edge}" stroke-width="1.3" stroke-linejoin="round"/>`;
  const details =
    type === 'hoodie'
      ? hoodieDetails(cut, colour, hoodUp, stream('details'))
      : tshirtDetails(cut, colour, stream('details'));
  return {
    cut,
    colour,
    hoodUp,
    silhouette: [torso, ...sleeves].join(' '),
    definitions: `${clothGradients(colour, sleeveColour, style.uniform(-1, 1))}<clipPath id="torso-clip"><path d="${torso}"/></clipPath><clipPath id="cloth-clip">${[torso, ...sleeves].map((path) => `<path d="${path}"/>`).join('')}</clipPath>`,
    drawing: [
      type === 'hoodie' ? hoodBehind(cut, colour, hoodUp, stream('hood')) : '',
      piece(sleeves[0]!, 'sleeve-left'),
      piece(sleeves[1]!, 'sleeve-right'),
      sleeveStripes,
      piece(torso, 'torso'),
      `<g clip-path="url(#torso-clip)">${printed}</g>`,
      details,
      `<g clip-path="url(#cloth-clip)">${folds(cut, colour, stream('folds'))}</g>`,
    ].join(''),
  };
}

/** Stripes that run down the outside of both sleeves. */
function stripesOnSleeves(cut: Cut, ink: Lch): string {
  const lines = sides.map((side) => {
    const { start, outer, inner } = sleeveCorners(cut, side);
    const inward = (corner: typeof start, share: number) =>
      at({ x: corner.x + (inner.x - outer.x) * share, y: corner.y + (inner.y - outer.y) * share });
    return [0.25, 0.5].map((share) => `M${inward(start, share)} L${inward(outer, share)}`).join('');
  });
  return `<path d="${lines.join('')}" stroke="${hex(ink)}" stroke-width="4.5" fill="none"/>`;
}
