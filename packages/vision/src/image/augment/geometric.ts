import { identity, type Affine } from './affine.ts';
import type { Movement } from './transform.ts';

const movement = (destroys: Movement['destroys'], draw: Movement['draw']): Movement => ({
  kind: 'movement',
  family: 'geometric',
  destroys,
  draw,
});

/** Strength 1: 45 degrees either way. */
export const rotate = movement({ shape: 0.9 }, (random, strength) => {
  const angle = random.uniform(-1, 1) * strength * (Math.PI / 4);
  return [Math.cos(angle), -Math.sin(angle), 0, Math.sin(angle), Math.cos(angle), 0];
});

/** Strength 1: from half to one and a half times the size. */
export const scale = movement({ shape: 0.9 }, (random, strength) => {
  const factor = 1 + random.uniform(-0.5, 0.5) * strength;
  return [1 / factor, 0, 0, 0, 1 / factor, 0];
});

/** Strength 1: by up to half the height, either axis. */
export const shear = movement({ shape: 0.9 }, (random, strength) => {
  const [along, across] = [random.uniform(-0.5, 0.5) * strength, random.uniform(-0.5, 0.5) * strength];
  return [1, along, 0, across, 1, 0];
});

/** Strength 1: by up to 30 % of the width and height. */
export const translate = movement({ shape: 0.7 }, (random, strength) => [
  1,
  0,
  random.uniform(-0.6, 0.6) * strength,
  0,
  1,
  random.uniform(-0.6, 0.6) * strength,
]);

/** A part of the picture, enlarged to all of it; strength 1: down to 40 % of the area. A tight crop may lose the hood. */
export const crop = movement({ shape: 0.5 }, (random, strength): Affine => {
  const side = Math.sqrt(1 - random.uniform(0, 0.6) * strength);
  const room = 1 - side;
  return [side, 0, random.uniform(-room, room), 0, side, random.uniform(-room, room)];
});

/** Left and right exchanged; how often is up to the policy. */
export const flip = movement({}, (_random, strength): Affine => (strength > 0 ? [-1, 0, 0, 0, 1, 0] : identity));
