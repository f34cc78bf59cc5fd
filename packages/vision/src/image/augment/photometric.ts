import { mapEachValue, mapValues, type Change } from './transform.ts';

const change = (destroys: Change['destroys'], apply: Change['apply']): Change => ({
  kind: 'change',
  family: 'photometric',
  destroys,
  apply,
});

function meanOf(data: Uint8Array): number {
  let sum = 0;
  for (let position = 0; position < data.length; position += 1) sum += data[position]!;
  return sum / data.length;
}

/** Strength 1: contrast about the mean and brightness each by up to half. Much of it turns white into grey. */
export const brightnessContrast = change({ colour: 0.6, pattern: 0.9 }, (picture, random, strength) => {
  const contrast = 1 + random.uniform(-0.5, 0.5) * strength;
  const brightness = 1 + random.uniform(-0.5, 0.5) * strength;
  const mean = meanOf(picture.data);
  const offset = mean * (1 - contrast) * brightness;
  return mapEachValue(picture, (old) => old * contrast * brightness + offset);
});

/**
 * Hue turned by up to 180 degrees and saturation changed by up to half, about the grey axis of RGB (Haeberli 1993,
 * "Matrix operations for image processing"). The colour is another one afterwards.
 */
export const colourSpace = change({ colour: 0.02 }, (picture, random, strength) => {
  const angle = random.uniform(-1, 1) * strength * Math.PI;
  const saturation = 1 + random.uniform(-0.5, 0.5) * strength;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle) / Math.sqrt(3)];
  const third = (1 - cosine) / 3;
  const turned = [cosine + third, third - sine, third + sine];
  const [same, next, last] = turned as [number, number, number];
  const { data } = picture;
  const changed = new Uint8ClampedArray(data.length);
  for (let pixel = 0; pixel < data.length; pixel += 3) {
    const [r, g, b] = [data[pixel]!, data[pixel + 1]!, data[pixel + 2]!];
    const grey = ((r + g + b) / 3) * (1 - saturation);
    changed[pixel] = grey + (same * r + next * g + last * b) * saturation;
    changed[pixel + 1] = grey + (last * r + same * g + next * b) * saturation;
    changed[pixel + 2] = grey + (next * r + last * g + same * b) * saturation;
  }
  return { ...picture, data: new Uint8Array(changed.buffer) };
});

/** Strength 1: deviation 50 of 255. */
export const gaussianNoise = change({ pattern: 0.8, colour: 0.9 }, (picture, random, strength) =>
  mapValues(picture, (old) => old + random.normal(0, 50 * strength)),
);

/** Strength 1: one pixel in ten becomes black or white. */
export const saltPepperNoise = change({ pattern: 0.8, colour: 0.9 }, (picture, random, strength) => {
  const data = picture.data.slice();
  for (let pixel = 0; pixel < data.length; pixel += 3) {
    if (random.chance(0.1 * strength)) data.fill(random.chance(0.5) ? 255 : 0, pixel, pixel + 3);
  }
  return { ...picture, data };
});

/** Photon noise; strength 1: as if full white were 25 photons (normal approximation). */
export const poissonNoise = change({ pattern: 0.8, colour: 0.9 }, (picture, random, strength) => {
  const perPhoton = (255 / 25) * strength;
  return mapValues(picture, (old) => old + random.normal() * Math.sqrt(old * perPhoton));
});
