import type { Model } from '../artifact/model.ts';
import type { Targets } from '../data/dataset.ts';
import { agreement, probabilitiesOf, type Agreement, type Pictures } from './agreement.ts';
import { compareSpeed, type Speed } from './speed.ts';

/** Answers and speed of two forms of a model. Without photos, the speed alone, on a grey picture. */
export async function compareForms(
  before: Model,
  after: Model,
  {
    pictures,
    photos,
    targets,
    onProgress,
  }: {
    readonly pictures: Pictures;
    readonly photos: readonly number[];
    /** Of the same photos. */
    readonly targets: readonly Targets[] | undefined;
    readonly onProgress: (done: number, total: number) => void;
  },
): Promise<{ readonly agreement?: Agreement; readonly speed: Speed }> {
  const { 'busana.schema': taxonomy, 'busana.preprocess': preprocess } = before.metadata;
  if (photos.length === 0) {
    const grey = new Uint8Array(preprocess.size ** 2 * 3).fill(128);
    return { speed: await compareSpeed(before, after, grey) };
  }
  const answers = [];
  for (const [form, model] of [before, after].entries()) {
    const ask = (images: Uint8Array, count: number) => model.answer([images], count);
    const report = (done: number): void => onProgress(form * photos.length + done, 2 * photos.length);
    answers.push(await probabilitiesOf(ask, taxonomy, pictures, photos, report));
  }
  return {
    agreement: agreement(answers[0]!, answers[1]!, photos.length, targets),
    speed: await compareSpeed(before, after, await pictures.read(photos.slice(0, 1))),
  };
}
