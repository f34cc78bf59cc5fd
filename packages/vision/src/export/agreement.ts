/** @file What a smaller form of a model costs: its answers beside those of the original, photo by photo. */
import type { Proportion, Taxonomy } from '@busana/contracts';
import { MISSING, type Targets } from '../data/dataset.ts';
import { jointOutcomes, likeliest, type Probabilities } from '../evaluate/accuracy.ts';
import { wilson } from '../evaluate/intervals.ts';

/** Answers of a model: probabilities and embedding by output name. @param images uint8 `[count, size, size, 3]` */
type Answer = (images: Uint8Array, count: number) => Promise<Readonly<Record<string, Float32Array>>>;

/** Pictures by position. */
export interface Pictures {
  /** @returns uint8 `[indices.length, size, size, 3]` */
  readonly read: (indices: readonly number[]) => Promise<Uint8Array>;
}

const BATCH = 8;

/** Per attribute, `[indices.length * classes]` row-major. */
export async function probabilitiesOf(
  answer: Answer,
  { attributes }: Taxonomy,
  pictures: Pictures,
  indices: readonly number[],
  onBatch: (done: number) => void = () => undefined,
): Promise<Probabilities> {
  const result = attributes.map(({ values }) => new Float32Array(indices.length * values.length));
  for (let start = 0; start < indices.length; start += BATCH) {
    const batch = indices.slice(start, start + BATCH);
    const answers = await answer(await pictures.read(batch), batch.length);
    attributes.forEach(({ name, values }, index) => result[index]!.set(answers[name]!, start * values.length));
    onBatch(start + batch.length);
  }
  return result;
}

/** Mean over photos and attributes of the total variation distance, half of sum |p - q|: 0 the same, 1 nothing shared. */
export function divergence(before: Probabilities, after: Probabilities, photos: number): number {
  const sums = before.map((values, attribute) =>
    values.reduce((sum, value, index) => sum + Math.abs(value - after[attribute]![index]!), 0),
  );
  return sums.reduce((sum, value) => sum + value / 2, 0) / Math.max(1, photos * before.length);
}

export interface Agreement {
  readonly photos: number;
  /** Photos whose every predicted label stays. */
  readonly same_labels: number;
  readonly largest_difference: number;
  readonly divergence: number;
  /** On the photos whose every attribute is labelled; undefined when there are none. */
  readonly emr?: {
    readonly before: Proportion;
    readonly after: Proportion;
    /** Photos that only one of them gets right. */
    readonly only_before: number;
    readonly only_after: number;
  };
}

/** @param targets of the same photos */
export function agreement(
  before: Probabilities,
  after: Probabilities,
  photos: number,
  targets?: readonly Targets[],
): Agreement {
  const labels = [before, after].map((answers) => answers.map((values) => likeliest(values, photos)));
  const same = Array.from({ length: photos }, (_, photo) =>
    before.every((_, attribute) => labels[0]![attribute]![photo] === labels[1]![attribute]![photo]),
  );
  let largest = 0;
  before.forEach((values, attribute) => {
    values.forEach((value, index) => (largest = Math.max(largest, Math.abs(value - after[attribute]![index]!))));
  });
  const labelled = targets?.some((truth) => !truth.includes(MISSING)) ?? false;
  return {
    photos,
    same_labels: same.filter(Boolean).length,
    largest_difference: largest,
    divergence: divergence(before, after, photos),
    ...(labelled && { emr: exactMatches(targets!, before, after) }),
  };
}

function exactMatches(
  targets: readonly Targets[],
  before: Probabilities,
  after: Probabilities,
): NonNullable<Agreement['emr']> {
  const [first, second] = [jointOutcomes(targets, before), jointOutcomes(targets, after)];
  const only = (a: typeof first, b: typeof first): number =>
    a.filter(({ correct }, index) => correct && !b[index]!.correct).length;
  const proportion = (outcomes: typeof first): Proportion =>
    wilson(outcomes.filter(({ correct }) => correct).length, outcomes.length);
  return {
    before: proportion(first),
    after: proportion(second),
    only_before: only(first, second),
    only_after: only(second, first),
  };
}
