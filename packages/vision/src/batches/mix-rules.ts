/** @file Which photos may be mixed: declared per mixing, as every augmentation declares what it can destroy. */
import type { AttributeKind, Taxonomy, TrainingConfig } from '@busana/contracts';
import type { Targets } from '../data/dataset.ts';

/** The settings that mix. */
export type Mixing = Exclude<TrainingConfig['mix'], 'none'>;

/**
 * Kinds of attribute in which both photos of a pair must agree, and why: a mixed label says that the picture shows so
 * much of one class and so much of the other, and for these kinds it would show neither.
 *
 * Mixup adds pixels up. Red and yellow become orange, black and white grey: colours that the label does not name and
 * another class may; two shades of one class stay between each other. Stripes across stripes are a check. Shapes
 * survive: both outlines stay visible, as strong as the label says.
 *
 * Cutmix puts a patch of one photo into the other. A shape is told by parts (a hood, a pocket, a collar), which a patch
 * brings or takes away whatever its area, and a patch without them is evidence of nothing; within one class the same
 * place mostly shows the same part. The edge of a patch on a plain garment reads as a pattern of its own. Colours
 * survive: no pixel changes, and each part of the picture shows its own by its area.
 *
 * What kind `other` depends on is not known, and augmentation leaves nothing out for it; mixing neither.
 */
const together: Readonly<Record<Mixing, Readonly<Partial<Record<AttributeKind, string>>>>> = {
  mixup: { colour: 'a blend of two colours is a third', pattern: 'two patterns on each other are a third' },
  cutmix: { shape: 'parts tell a shape, not area', pattern: 'the edge of a patch looks like one' },
};

/** What a run says of its mixing, for people. */
export function describeMixing(mixing: Mixing, { attributes }: Taxonomy): string {
  const reasons = attributes.flatMap(({ name, kind }) => {
    const reason = together[mixing][kind];
    return reason === undefined ? [] : [`${name} (${reason})`];
  });
  if (reasons.length === 0) return `${mixing} pairs any photos: no attribute has a kind that it could make untrue`;
  return `${mixing} pairs only photos of the same ${reasons.join(' and the same ')}; those without a partner stay as they are`;
}

/**
 * Photos that may be mixed have the same text here. A missing label agrees with a missing one alone: the mixed photo is
 * not labelled there either.
 * @param targets per photo
 */
export function mixableGroups(mixing: Mixing, { attributes }: Taxonomy, targets: readonly Targets[]): string[] {
  const kept = attributes.flatMap(({ kind }, index) => (together[mixing][kind] === undefined ? [] : [index]));
  return targets.map((photo) => kept.map((index) => photo[index]).join());
}
