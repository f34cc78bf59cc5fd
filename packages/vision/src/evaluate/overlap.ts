import { MISSING, type Targets } from '../data/dataset.ts';

/**
 * How much of the labels is right where not all need be, over the photos labelled in every attribute (Sorower 2010, "A
 * literature survey on algorithms for multi-label learning", section 4): Hamming loss, the share of attributes that are
 * wrong; and the Jaccard index, the mean over photos of labels both true and predicted among those either true or
 * predicted, as scikit-learn's `jaccard_score(average='samples')` of one label per attribute and value. Both 0 without
 * photos.
 * @param predicted per attribute, a class per photo
 */
export function labelOverlap(
  targets: readonly Targets[],
  predicted: readonly (readonly number[])[],
): { hamming_loss: number; jaccard: number } {
  let [photos, wrong, jaccard] = [0, 0, 0];
  targets.forEach((truth, photo) => {
    if (truth.includes(MISSING)) return;
    const right = truth.filter((value, attribute) => predicted[attribute]![photo] === value).length;
    photos += 1;
    wrong += truth.length - right;
    jaccard += right / (2 * truth.length - right);
  });
  if (photos === 0) return { hamming_loss: 0, jaccard: 0 };
  return { hamming_loss: wrong / (photos * predicted.length), jaccard: jaccard / photos };
}
