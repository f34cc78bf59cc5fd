/**
 * @file Whether a prediction can be taken as it is: `unknown` for what is unlike all that the model has learnt from,
 * `review` where the network is unsure or the pixels of the garment object, and why.
 */
import type { ArtifactMetadata, Attribute, AttributePrediction, PredictionStatus, Reason } from '@busana/contracts';
import { decodeMeans, distanceTo, type ClassMeans } from '../artifact/familiarity.ts';
import { colourOpinion, heardTogether } from '../colour/opinion.ts';
import { readColours, type ColourReading } from '../colour/reading.ts';
import { objection, remarksOn } from '../colour/remarks.ts';
import { colourValues } from '../colour/values.ts';
import type { Picture } from '../image/picture.ts';

export interface Verdict {
  readonly status: PredictionStatus;
  /** Why it is not `accept`. */
  readonly doubts: readonly Reason[];
}

/** What the network answers to a photo. */
export interface JudgedPhoto {
  readonly attributes: readonly AttributePrediction[];
  /** Joint confidence, 0..1. */
  readonly joint: number;
  /** `[D]`; undefined for a model that gives none. */
  readonly embedding: Float32Array | undefined;
}

/** What the pixels of a photo say, and the photo for a closer look. */
export interface PixelReading {
  readonly picture: Picture;
  readonly colours: ColourReading;
}

/** For one model, any number of photos. */
export class Judge {
  readonly #accept: number;
  readonly #familiarity: { readonly means: ClassMeans; readonly threshold: number } | undefined;
  /** Attributes that are about colour, with their positions. */
  readonly #colours: readonly { readonly attribute: Attribute; readonly position: number }[];

  constructor(metadata: ArtifactMetadata) {
    const { 'busana.familiarity': familiarity, 'busana.schema': schema } = metadata;
    this.#accept = metadata['busana.thresholds'].accept;
    this.#familiarity = familiarity && {
      means: decodeMeans(familiarity),
      threshold: familiarity.threshold,
    };
    this.#colours = schema.attributes
      .map((attribute, position) => ({ attribute, position }))
      .filter(({ attribute }) => attribute.kind === 'colour' && colourValues(attribute) !== undefined);
  }

  /** Looks at the pixels; undefined for a model without a colour attribute. */
  read(picture: Picture): PixelReading | undefined {
    return this.#colours.length === 0 ? undefined : { picture, colours: readColours(picture) };
  }

  judge(photo: JudgedPhoto, reading: PixelReading | undefined): Verdict {
    const strange = this.#strangeness(photo.embedding);
    if (strange !== undefined) return { status: 'unknown', doubts: [strange] };
    const { belief, objections } = this.#hear(photo, reading);
    if (photo.joint * belief >= this.#accept) return { status: 'accept', doubts: [] };
    const unsure = photo.joint < this.#accept ? [doubtOf(photo)] : [];
    const remarks = reading === undefined ? [] : this.#remarks(reading);
    return { status: 'review', doubts: [...unsure, ...objections, ...remarks] };
  }

  #strangeness(embedding: Float32Array | undefined): Reason | undefined {
    if (this.#familiarity === undefined || embedding === undefined) return undefined;
    const { means, threshold } = this.#familiarity;
    const distance = distanceTo(means, embedding);
    if (distance <= threshold) return undefined;
    return { code: 'unfamiliar', distance, familiar: threshold };
  }

  /** By how much the pixels lower the confidence, 1 or less, and what they say. */
  #hear(photo: JudgedPhoto, reading: PixelReading | undefined): { belief: number; objections: Reason[] } {
    let belief = 1;
    const objections: Reason[] = [];
    for (const { attribute, position } of reading === undefined ? [] : this.#colours) {
      const { code, confidence, probabilities } = photo.attributes[position]!;
      const opinion = colourOpinion(reading!.colours, attribute)!;
      const predicted = attribute.values.findIndex((value) => value.code === code);
      const heard = heardTogether(
        attribute.values.map((value) => probabilities[value.code]!),
        opinion,
      );
      belief *= Math.min(1, heard[predicted]! / confidence);
      const against = objection(reading!.colours, opinion, { attribute, predicted });
      if (against !== undefined) objections.push(against);
    }
    return { belief, objections };
  }

  #remarks({ picture, colours }: PixelReading): Reason[] {
    return this.#colours.slice(0, 1).flatMap(({ attribute }) => remarksOn(picture, colours, attribute));
  }
}

function doubtOf({ attributes }: JudgedPhoto): Reason {
  const {
    name: attribute,
    code: value,
    confidence,
  } = attributes.reduce((a, b) => (b.confidence < a.confidence ? b : a));
  return { code: 'unsure', attribute, value, confidence };
}
