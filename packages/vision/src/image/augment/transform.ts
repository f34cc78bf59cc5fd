import type { AttributeKind } from '@busana/contracts';
import type { Random } from '@busana/engine';
import type { Picture } from '../picture.ts';
import type { Affine } from './affine.ts';

/** augment-auto's three families. */
type Family = 'geometric' | 'photometric' | 'kernel';

interface Declared {
  readonly family: Family;
  /** From which strength on a kind of attribute can no longer be told; kinds that are left out survive. */
  readonly destroys: Readonly<Partial<Record<AttributeKind, number>>>;
}

/** Moves pixels: several of them in a row become one warp. */
export interface Movement extends Declared {
  readonly kind: 'movement';
  /** @param strength 0 (nothing) to 1 */
  readonly draw: (random: Random, strength: number) => Affine;
}

/** Changes values. */
export interface Change extends Declared {
  readonly kind: 'change';
  /** A new picture of the same size; the one given is left as it is. @param strength 0 (nothing) to 1 */
  readonly apply: (picture: Picture, random: Random, strength: number) => Picture;
}

export type Transform = Movement | Change;

/** A picture with each value replaced; `value` gives 0..255, rounded and clamped here. */
export function mapValues(picture: Picture, value: (old: number, position: number) => number): Picture {
  const { data } = picture;
  const changed = new Uint8ClampedArray(data.length);
  for (let position = 0; position < data.length; position += 1) changed[position] = value(data[position]!, position);
  return { ...picture, data: new Uint8Array(changed.buffer) };
}

/** A picture with each value replaced by one that depends on nothing else: worked out once per possible value. */
export function mapEachValue(picture: Picture, value: (old: number) => number): Picture {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, old) => value(old));
  const { data } = picture;
  const changed = new Uint8Array(data.length);
  for (let position = 0; position < data.length; position += 1) changed[position] = table[data[position]!]!;
  return { ...picture, data: changed };
}
