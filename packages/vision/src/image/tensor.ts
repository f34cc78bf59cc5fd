import type { NormalisationName } from '@busana/contracts';
import type { ImageNormalisation } from '@busana/engine';

/** y = (x * scale - mean) / deviation per channel of RGB, x in 0..255. */
export type Normalisation = ImageNormalisation;

/** The normalisations there are, by name. */
export const normalisations: Readonly<Record<NormalisationName, Normalisation>> = {
  /** The study's: to tensor, mean 0, standard deviation 1. */
  'zero-one': { scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1] },
  /** Mean and deviation of ImageNet's training pictures, as torchvision's models expect. */
  imagenet: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  /** (x - 127) / 128, as the EfficientNet-Lite models expect. */
  tensorflow: { scale: 1 / 128, mean: [127 / 128, 127 / 128, 127 / 128], deviation: [1, 1, 1] },
};
