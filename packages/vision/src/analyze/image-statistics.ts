import type { Background, ImageStatistics, Measure, MeasureName } from '@busana/contracts';
import { extname } from 'node:path';
import type { Photo } from '../data/dataset.ts';
import type { Signature } from '../data/signature.ts';
import { labOf } from '../image/lab.ts';
import type { Refer } from './references.ts';
import { spreadOf } from './spread.ts';

/** Extensions that each real format goes by; formats that are not listed are never called misnamed. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  jpeg: ['.jpg', '.jpeg', '.jpe', '.jfif'],
  png: ['.png'],
  gif: ['.gif'],
  webp: ['.webp'],
  tiff: ['.tif', '.tiff'],
  heif: ['.avif', '.heic', '.heif'],
};

type Facts = Signature['facts'];

interface MeasureDefinition {
  readonly name: MeasureName;
  readonly unit: string;
  /** Spread by factors rather than by sums. */
  readonly logarithmic: boolean;
  readonly of: (facts: Facts) => number;
}

/** A photo without any edge has sharpness 0, which has no logarithm. */
const LEAST_SHARPNESS = 0.01;

const measures: readonly MeasureDefinition[] = [
  { name: 'width', unit: 'pixels', logarithmic: true, of: ({ width }) => width },
  { name: 'height', unit: 'pixels', logarithmic: true, of: ({ height }) => height },
  { name: 'aspect', unit: 'width / height', logarithmic: true, of: ({ width, height }) => width / height },
  { name: 'bytes', unit: 'bytes', logarithmic: true, of: ({ bytes }) => bytes },
  { name: 'brightness', unit: 'mean luma, 0 to 255', logarithmic: false, of: ({ brightness }) => brightness },
  { name: 'contrast', unit: 'deviation of the luma', logarithmic: false, of: ({ contrast }) => contrast },
  {
    name: 'sharpness',
    unit: 'variance of the Laplacian',
    logarithmic: true,
    of: ({ sharpness }) => Math.max(sharpness, LEAST_SHARPNESS),
  },
  {
    name: 'background_lightness',
    unit: 'L* of the border, 0 to 100',
    logarithmic: false,
    of: ({ background }) => labOf(...background).l,
  },
  {
    name: 'background_share',
    unit: 'share of the border in one colour',
    logarithmic: false,
    of: ({ backgroundShare }) => backgroundShare,
  },
];

/**
 * What the files really are, and how their measures are spread. Names without an extension are never called misnamed.
 * @param facts of each photo
 */
export function imageStatistics(photos: readonly Photo[], facts: readonly Facts[], refer: Refer): ImageStatistics {
  const formats: Record<string, number> = {};
  for (const { format } of facts) formats[format] = (formats[format] ?? 0) + 1;
  return {
    images: photos.length,
    formats: Object.fromEntries(Object.entries(formats).sort(([a], [b]) => a.localeCompare(b))),
    misnamed: photos.flatMap((photo, index) => {
      const { format } = facts[index]!;
      const extension = extname(photo.name).toLowerCase();
      const wrong = extension !== '' && EXTENSIONS[format]?.includes(extension) === false;
      return wrong ? [{ photo: refer(photo), format }] : [];
    }),
    backgrounds: countBackgrounds(facts),
    measures: photos.length === 0 ? [] : measures.map((measure) => measured(measure, photos, facts, refer)),
  };
}

function measured(
  { name, unit, logarithmic, of }: MeasureDefinition,
  photos: readonly Photo[],
  facts: readonly Facts[],
  refer: Refer,
): Measure {
  const values = facts.map(of);
  const { outlying, limits, ...spread } = spreadOf(values, { logarithmic });
  // Most backgrounds are white or plain: whatever is not would be an outlier.
  if (name.startsWith('background')) return { name, unit, ...spread, limits: null, outliers: [] };
  const outliers = outlying.map((position) => ({ photo: refer(photos[position]!), value: values[position]! }));
  return { name, unit, ...spread, limits, outliers };
}

/** A border of which less has one colour shows something. */
const PLAIN_SHARE = 0.8;
/** Chroma up to which a colour is a grey, and lightness of white and black, in CIELAB. */
const GREY_CHROMA = 8;
const WHITE_LIGHTNESS = 93;
const BLACK_LIGHTNESS = 15;

export function backgroundOf({ background, backgroundShare }: Facts): Background {
  if (backgroundShare < PLAIN_SHARE) return 'not plain';
  const { l, a, b } = labOf(...background);
  if (Math.hypot(a, b) > GREY_CHROMA) return 'coloured';
  if (l >= WHITE_LIGHTNESS) return 'white';
  return l <= BLACK_LIGHTNESS ? 'black' : 'grey';
}

function countBackgrounds(facts: readonly Facts[]): Record<Background, number> {
  const counts = { white: 0, black: 0, grey: 0, coloured: 0, 'not plain': 0 };
  for (const photo of facts) counts[backgroundOf(photo)] += 1;
  return counts;
}
