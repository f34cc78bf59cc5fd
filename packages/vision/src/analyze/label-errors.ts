import type { AttributeNoise, LabelAnalysis, Suspicion, Taxonomy } from '@busana/contracts';
import { MISSING, type LabelledPhoto } from '../data/dataset.ts';
import { labelOf } from '../taxonomy/names.ts';
import { confidentLearning } from './confident-learning.ts';
import type { Refer } from './references.ts';

export interface JudgeOptions {
  readonly taxonomy: Taxonomy;
  readonly photos: readonly LabelledPhoto[];
  /** Out-of-fold, per attribute `[photos.length * classes]` row-major. */
  readonly probabilities: readonly Float32Array[];
  readonly refer: Refer;
}

/** Likely label errors of every attribute, the most suspicious first, and how noisy its labels are. */
export function judgeLabels(options: JudgeOptions): Pick<LabelAnalysis, 'attributes' | 'suspicions'> {
  const judged = options.taxonomy.attributes.map((_, index) => judgeAttribute(options, index));
  return {
    attributes: judged.map(({ noise }) => noise),
    suspicions: judged
      .flatMap(({ suspicions }) => suspicions)
      .sort((a, b) => a.normalised_margin - b.normalised_margin),
  };
}

function judgeAttribute(
  { taxonomy, photos, probabilities, refer }: JudgeOptions,
  index: number,
): { readonly noise: AttributeNoise; readonly suspicions: readonly Suspicion[] } {
  const { name, values } = taxonomy.attributes[index]!;
  const classes = values.length;
  const labelled = photos.flatMap(({ targets }, position) => (targets[index] === MISSING ? [] : [position]));
  const labels = labelled.map((position) => photos[position]!.targets[index]!);
  const scores = Float32Array.from(
    labelled.flatMap((position) => [...probabilities[index]!.subarray(position * classes, (position + 1) * classes)]),
  );
  const { thresholds, joint, suspected } = confidentLearning(labels, scores, classes);
  const agreeing = labels.filter((label, row) => {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own)) === label;
  });
  const off = joint.flatMap((row, given) => row.filter((_, value) => value !== given));
  return {
    noise: {
      name,
      labels: values.map((value) => labelOf(value)),
      photos: labels.length,
      agreement: labels.length === 0 ? 0 : agreeing.length / labels.length,
      thresholds: [...thresholds],
      confident_joint: joint.map((row) => [...row]),
      noise: labels.length === 0 ? 0 : off.reduce((total, count) => total + count, 0) / labels.length,
    },
    suspicions: suspected.map(({ position, suggested, selfConfidence, normalisedMargin }) => {
      const [given, other] = [values[labels[position]!]!, values[suggested]!];
      return {
        photo: refer(photos[labelled[position]!]!),
        attribute: name,
        given: given.code,
        given_label: labelOf(given),
        suggested: other.code,
        suggested_label: labelOf(other),
        self_confidence: selfConfidence,
        normalised_margin: normalisedMargin,
      };
    }),
  };
}
