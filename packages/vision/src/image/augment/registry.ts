import { crop, flip, rotate, scale, shear, translate } from './geometric.ts';
import { blurAverage, blurGaussian, blurMedian, randomCropAdd, randomErase, sharpen } from './kernel.ts';
import { brightnessContrast, colourSpace, gaussianNoise, poissonNoise, saltPepperNoise } from './photometric.ts';
import type { Transform } from './transform.ts';

export const transformNames = [
  'flip',
  'crop',
  'rotate',
  'scale',
  'shear',
  'translate',
  'brightness-contrast',
  'colour-space',
  'gaussian-noise',
  'salt-pepper-noise',
  'poisson-noise',
  'random-erase',
  'random-crop-add',
  'sharpen',
  'blur-average',
  'blur-gaussian',
  'blur-median',
] as const;
export type TransformName = (typeof transformNames)[number];

/** Every transform, by the name that policies use. */
export const transforms: { readonly [N in TransformName]: Transform } = {
  flip,
  crop,
  rotate,
  scale,
  shear,
  translate,
  'brightness-contrast': brightnessContrast,
  'colour-space': colourSpace,
  'gaussian-noise': gaussianNoise,
  'salt-pepper-noise': saltPepperNoise,
  'poisson-noise': poissonNoise,
  'random-erase': randomErase,
  'random-crop-add': randomCropAdd,
  sharpen,
  'blur-average': blurAverage,
  'blur-gaussian': blurGaussian,
  'blur-median': blurMedian,
};
