import { Random } from '@busana/engine';
import type { Dataset, LabelledPhoto } from '../../src/data/dataset.ts';

export interface Planted {
  readonly dataset: Dataset;
  /** Name of the photo and attribute of each wrong label. */
  readonly errors: ReadonlySet<string>;
}

/**
 * A data set in which a share of the photos has one label exchanged for another value of its attribute.
 * @param seed decides photos, attributes and values
 */
export function plantErrors(dataset: Dataset, share: number, seed: number): Planted {
  const random = Random.of(seed, 'planted', 'either');
  const order = random.shuffle(dataset.photos.map((_, index) => index));
  const flipped = new Map<number, LabelledPhoto>();
  const errors = new Set<string>();
  for (const index of order.slice(0, Math.round(share * order.length))) {
    const photo = dataset.photos[index]!;
    const attribute = random.integer(0, dataset.taxonomy.attributes.length - 1);
    const { name, values } = dataset.taxonomy.attributes[attribute]!;
    const other = (photo.targets[attribute]! + random.integer(1, values.length - 1)) % values.length;
    flipped.set(index, { ...photo, targets: photo.targets.toSpliced(attribute, 1, other) });
    errors.add(`${photo.name} ${name}`);
  }
  return { dataset: { ...dataset, photos: dataset.photos.map((photo, index) => flipped.get(index) ?? photo) }, errors };
}
