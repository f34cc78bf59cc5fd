/** @file Mixup and cutmix: the photos of a batch mixed in pairs, after augmentation. */
import { appendTo } from '../append-to.ts';
import type { Random } from '@busana/engine';
import type { Mixing } from './mix-rules.ts';

/** What becomes of the photos of a batch. */
export interface Mix {
  /** Per photo, position in the batch of the one it is mixed with; its own where it stays as it is. */
  readonly partners: readonly number[];
  /** How much of a mixed picture is the photo itself, 0..1; its partner is the rest. */
  readonly share: number;
  /** Where the partner is, in pixels; undefined when the two are blended everywhere. */
  readonly patch?: Patch;
}

interface Patch {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Both parameters of the beta distribution the share is drawn from: mixup mostly close to 0 or 1 (Zhang et al. 2018,
 * arXiv:1710.09412, section 3), cutmix uniform (Yun et al. 2019, arXiv:1905.04899, section 3.1).
 */
const concentration: Readonly<Record<Mixing, number>> = { mixup: 0.2, cutmix: 1 };

/**
 * Draws the pairs, and one share for the batch as the authors of both papers do.
 * @param groups per photo of the batch; only photos of one group are paired
 * @param size side of the square pictures, in pixels
 */
export function drawMix(
  random: Random,
  mixing: Mixing,
  { groups, size }: { readonly groups: readonly string[]; readonly size: number },
): Mix {
  const share = beta(random, concentration[mixing]);
  const patch = mixing === 'cutmix' ? drawPatch(random, share, size) : undefined;
  const partners = drawPartners(random, groups);
  if (patch === undefined) return { partners, share };
  // The border of the picture cuts patches off: what counts is the area that is left.
  return { partners, share: 1 - (patch.width * patch.height) / size ** 2, patch };
}

/**
 * The mixed pictures: share x a + (1 - share) x b, rounded, or a with the patch of b.
 * @param images uint8 `[N, size, size, 3]`, left as they are @returns the same shape
 */
export function mixPictures(images: Uint8Array, size: number, { partners, share, patch }: Mix): Uint8Array {
  const mixed = images.slice();
  const length = size * size * 3;
  partners.forEach((partner, position) => {
    if (partner === position) return;
    const other = images.subarray(partner * length, (partner + 1) * length);
    const picture = mixed.subarray(position * length, (position + 1) * length);
    if (patch === undefined) blend(picture, other, share);
    else paste(picture, other, size, patch);
  });
  return mixed;
}

function blend(picture: Uint8Array, other: Uint8Array, share: number): void {
  for (let i = 0; i < picture.length; i += 1) {
    picture[i] = Math.round(share * picture[i]! + (1 - share) * other[i]!);
  }
}

function paste(picture: Uint8Array, other: Uint8Array, size: number, { left, top, width, height }: Patch): void {
  for (let row = top; row < top + height; row += 1) {
    const from = (row * size + left) * 3;
    picture.set(other.subarray(from, from + width * 3), from);
  }
}

/** A square of area 1 - share about a uniform centre, cut off at the border (Yun et al. 2019, equation 2). */
function drawPatch(random: Random, share: number, size: number): Patch {
  const half = (size * Math.sqrt(1 - share)) / 2;
  const [x, y] = [random.uniform(0, size), random.uniform(0, size)];
  const within = (position: number): number => Math.round(Math.min(Math.max(position, 0), size));
  const [left, top] = [within(x - half), within(y - half)];
  return { left, top, width: within(x + half) - left, height: within(y + half) - top };
}

/** A cycle through each group in random order: everyone who has company gets a partner. */
function drawPartners(random: Random, groups: readonly string[]): number[] {
  const members = new Map<string, number[]>();
  groups.forEach((group, position) => appendTo(members, group, position));
  const partners = groups.map((_, position) => position);
  for (const group of members.values()) {
    const order = random.shuffle(group);
    order.forEach((position, index) => {
      partners[position] = order[(index + 1) % order.length]!;
    });
  }
  return partners;
}

/** Beta(a, a) for a <= 1 (Jöhnk 1964): x / (x + y) of the first powers of uniform numbers that sum to at most 1. */
function beta(random: Random, a: number): number {
  for (;;) {
    const [x, y] = [random.uniform() ** (1 / a), random.uniform() ** (1 / a)];
    if (x + y > 0 && x + y <= 1) return x / (x + y);
  }
}
