import type { Taxonomy } from '@busana/contracts';
import { labelOf } from '../taxonomy/names.ts';
import type { LabelledPhoto } from './dataset.ts';

/** What cannot be learnt, or not be judged, from these labels: no error, but not to be kept quiet about. */
export function labelWarnings({ attributes }: Taxonomy, photos: readonly LabelledPhoto[]): string[] {
  return attributes.flatMap(({ name, values }, attribute) => {
    if (values.length === 1) return [`${name} has one value only; there is nothing to learn about it`];
    return values.flatMap((value, index) => {
      const count = photos.filter(({ targets }) => targets[attribute] === index).length;
      return count === 1
        ? [`${name} ${labelOf(value)} has one photo only; it cannot be trained on and measured at once`]
        : [];
    });
  });
}
