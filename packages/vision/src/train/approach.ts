import { BusanaError, type Approach, type Taxonomy } from '@busana/contracts';
import { MISSING, type Targets } from '../data/dataset.ts';
import { combine } from '../taxonomy/combined.ts';

/** One output of a network: a softmax over `classes` values. */
export interface Head {
  readonly name: string;
  readonly classes: number;
}

/** One network of an approach: its heads and the target of each head, taken from a photo's targets. */
export interface NetworkPlan {
  readonly name: string;
  readonly heads: readonly Head[];
  /** Class per head, {@link MISSING} where it cannot be known. */
  readonly headTargets: (targets: Targets) => number[];
}

/** The networks an approach trains, and where each attribute's probabilities come from. */
export interface ApproachPlan {
  readonly approach: Approach;
  readonly networks: readonly NetworkPlan[];
  /** Classes per attribute, in the order of the taxonomy. */
  readonly classes: readonly number[];
}

/** More combinations than this make a combined label senseless: most would have no photo at all. */
const MOST_COMBINATIONS = 1000;

/**
 * The study's three approaches (its "multi-valued" and "concatenated" data sets).
 * @throws BusanaError CONFIG_INVALID when a combined label would have too many classes
 */
export function planApproach(approach: Approach, { attributes }: Taxonomy): ApproachPlan {
  const heads = attributes.map(({ name, values }): Head => ({ name, classes: values.length }));
  const classes = heads.map((head) => head.classes);
  switch (approach) {
    case 'multi-output':
      return { approach, classes, networks: [{ name: 'network0', heads, headTargets: (targets) => [...targets] }] };
    case 'separate':
      return {
        approach,
        classes,
        networks: heads.map((head, index) => ({
          name: `network${index}`,
          heads: [head],
          headTargets: (targets) => [targets[index] ?? MISSING],
        })),
      };
    case 'combined': {
      const combinations = classes.reduce((product, count) => product * count, 1);
      if (combinations > MOST_COMBINATIONS) {
        throw new BusanaError(
          'CONFIG_INVALID',
          `the combined approach would need ${combinations} classes, one per combination of ${heads.map((head) => head.name).join(', ')}`,
          { remedy: 'Use --approach multi-output, or choose fewer attributes with --attributes.' },
        );
      }
      const head = { name: heads.map(({ name }) => name).join('+'), classes: combinations };
      return {
        approach,
        classes,
        networks: [{ name: 'network0', heads: [head], headTargets: (t) => [combine(t, classes)] }],
      };
    }
  }
}

/**
 * Probabilities per attribute from those per head: as they are, or as marginals of the joint distribution when the one
 * head is over combinations.
 * @param byHead per head, in the order of the networks, `[N * classes]` row-major
 * @returns per attribute, `[N * classes]` row-major
 */
export function attributeProbabilities(plan: ApproachPlan, byHead: readonly Float32Array[]): Float32Array[] {
  if (plan.approach !== 'combined') return [...byHead];
  const joint = byHead[0]!;
  const combinations = plan.classes.reduce((product, count) => product * count, 1);
  return plan.classes.map((count, attribute) => {
    const stride = plan.classes.slice(attribute + 1).reduce((product, size) => product * size, 1);
    const marginal = new Float32Array((joint.length / combinations) * count);
    joint.forEach((probability, position) => {
      const photo = Math.floor(position / combinations);
      const value = Math.floor((position % combinations) / stride) % count;
      marginal[photo * count + value]! += probability;
    });
    return marginal;
  });
}
