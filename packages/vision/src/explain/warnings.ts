/** @file Whether something other than the garment decides, found out by hiding it. */
import type { Reason } from '@busana/contracts';
import type { Picture } from '../image/picture.ts';
import { askAbout } from './ask.ts';
import { findBanners } from './banner.ts';
import { inpaint } from './inpaint.ts';
import type { Subject } from './subject.ts';
import type { Target } from './target.ts';

/** A part decides when the output falls below this share of itself without it. */
const LOST = 0.5;
/** Less of the attribution than this on the garment is worth a word. */
const LITTLE = 0.5;

export interface Suspects {
  readonly garment: Uint8Array | undefined;
  /** Share of the attribution on the garment, per target. */
  readonly shares: readonly (number | undefined)[];
}

/**
 * Warnings per target. The ground is hidden by its own mean colour, a banner is painted over from beside it: whether
 * the class is kept or lost says more than where the values lie.
 */
export async function warningsOf(
  subject: Subject,
  picture: Picture,
  targets: readonly Target[],
  { garment, shares }: Suspects,
): Promise<Reason[][]> {
  const banner = findBanners(picture);
  const variants = [
    picture.data,
    ...(garment === undefined ? [] : [plainGround(picture, garment)]),
    ...(banner === undefined ? [] : [inpaint(picture.data, banner, picture.width)]),
  ];
  const outputs = await askAbout(subject, targets, variants.length, (at, into) => into.set(variants[at]!));
  return targets.map(({ attribute, code: value }, index) => {
    const [whole, ...others] = outputs.map((row) => row[index]!) as [number, ...number[]];
    const withoutGround = garment === undefined ? undefined : others[0];
    const withoutBanner = banner === undefined ? undefined : others.at(-1);
    const about = { attribute, value };
    const found: Reason[] = [];
    if (withoutBanner !== undefined && withoutBanner < LOST * whole) {
      found.push({ code: 'banner-decides', ...about, from: whole, to: withoutBanner });
    }
    if (withoutGround !== undefined && withoutGround < LOST * whole) {
      found.push({ code: 'background-decides', ...about, from: whole, to: withoutGround });
    }
    const share = shares[index];
    if (share !== undefined && share < LITTLE) {
      found.push({ code: 'beside-garment', ...about, share });
    }
    return found;
  });
}

/** Everything but the garment in the ground's mean colour. */
function plainGround({ data }: Picture, garment: Uint8Array): Uint8Array {
  const sums = [0, 0, 0];
  let count = 0;
  garment.forEach((inside, at) => {
    if (inside === 1) return;
    count += 1;
    for (let channel = 0; channel < 3; channel += 1) sums[channel]! += data[at * 3 + channel]!;
  });
  return data.map((value, at) => (garment[Math.floor(at / 3)] === 1 ? value : Math.round(sums[at % 3]! / count)));
}
