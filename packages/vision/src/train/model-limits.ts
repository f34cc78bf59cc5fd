/** @file The section "Limits" of a model card. */
import type { Familiarity, Metrics, Taxonomy, Thresholds } from '@busana/contracts';
import { percent } from '../percent.ts';

export interface MeasuredModel {
  readonly taxonomy: Taxonomy;
  /** Of photos the model, or the models of the folds, did not train on. */
  readonly metrics: Metrics | undefined;
  readonly thresholds: Thresholds;
  /** What the model knows of photos it has learnt from. */
  readonly familiarity?: Familiarity | undefined;
}

/** What not to expect of the model, with the figures that were measured of it. */
export function modelLimits({ familiarity, metrics, thresholds, taxonomy }: MeasuredModel): string[] {
  return [
    '- Photos unlike the training data (other cameras, other garments, several garments in one picture) were not measured.',
    `- ${describeUnknown(familiarity)}`,
    `- ${describeDoubt(metrics, thresholds)}`,
    ...(taxonomy.attributes.some(({ kind }) => kind === 'colour')
      ? ['- `busana predict` also marks photos whose pixels speak for another colour; how often that is right was not measured here.'] // prettier-ignore
      : []),
  ];
}

/** Which photos are called unknown. */
function describeUnknown(familiarity: Familiarity | undefined): string {
  if (familiarity === undefined) {
    return 'The model answers every photo with one of the values above, also a photo of something else.';
  }
  const { threshold, set_on: setOn } = familiarity;
  const basis =
    setOn.kind === 'held-out'
      ? `99 % of ${setOn.photos} held-back photos lie nearer, so that one photo in a hundred like these is called unknown by mistake`
      : `the distance was set on ${setOn.photos} photos it was trained on, with a margin assumed for others`;
  return (
    `A photo is marked unknown when its embedding is farther than ${threshold.toFixed(3)} (1 - cosine) from the mean of every ` +
    `class: ${basis}. Everything nearer is answered with one of the values above; how many photos of other things are ` +
    'nearer was not measured.'
  );
}

/** Which photos are marked for review, and how many mistakes that finds. */
function describeDoubt(metrics: Metrics | undefined, { accept, coverage, emr }: Thresholds): string {
  const rule = `A prediction whose joint confidence is below ${accept.toFixed(3)} is marked for review`;
  if (metrics === undefined || coverage === undefined || emr === undefined) return `${rule}; this was not measured.`;
  const { value, n } = metrics.emr;
  const wrong = Math.round(n * (1 - value));
  const missed = Math.round(n * coverage * (1 - emr));
  return `${rule}: ${percent(1 - coverage)} of the photos above, among them ${wrong - missed} of the ${wrong} that were read wrongly.`;
}
