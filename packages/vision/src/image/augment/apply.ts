import type { Random } from '@busana/engine';
import type { Picture } from '../picture.ts';
import { compose, identity, warp, type Affine } from './affine.ts';
import type { AugmentationPolicy } from './policy.ts';
import { transforms } from './registry.ts';

/** One draw of a policy. Movements become a single warp, so that a picture is resampled once at most. */
export function augment(picture: Picture, policy: AugmentationPolicy, random: Random): Picture {
  let movement: Affine = identity;
  const changes: ((picture: Picture) => Picture)[] = [];
  for (const { transform: name, probability, strength } of policy) {
    if (!random.chance(probability)) continue;
    const transform = transforms[name];
    if (transform.kind === 'movement') movement = compose(movement, transform.draw(random, strength));
    else changes.push((current) => transform.apply(current, random, strength));
  }
  const moved = movement === identity ? picture : warp(picture, movement);
  return changes.reduce((current, change) => change(current), moved);
}
