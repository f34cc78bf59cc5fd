import type { Mistake, Taxonomy } from '@busana/contracts';
import type { Targets } from '../data/dataset.ts';
import type { JointOutcome, Probabilities } from './accuracy.ts';

/** As many as a person looks through. */
const MOST = 24;

/**
 * The photos that are wrong in some attribute although the joint confidence is high, worst first: where labels are to be
 * doubted, and what the network has not understood.
 * @param names of the photos
 * @param predicted per attribute, a class per photo
 */
export function worstMistakes(
  outcomes: readonly JointOutcome[],
  {
    taxonomy: { attributes },
    targets,
    probabilities,
    predicted,
    names,
  }: {
    taxonomy: Taxonomy;
    targets: readonly Targets[];
    probabilities: Probabilities;
    predicted: readonly (readonly number[])[];
    names: readonly string[];
  },
): Mistake[] {
  return outcomes
    .filter(({ correct }) => !correct)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MOST)
    .map(({ photo, confidence }) => ({
      image: names[photo]!,
      joint_confidence: confidence,
      attributes: Object.fromEntries(
        attributes.map(({ name, values }, index) => {
          const guess = predicted[index]![photo]!;
          const of = {
            truth: values[targets[photo]![index]!]!.code,
            predicted: values[guess]!.code,
            confidence: probabilities[index]![photo * values.length + guess]!,
          };
          return [name, of] as const;
        }),
      ),
    }));
}
