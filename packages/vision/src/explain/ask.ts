import type { Answer, Subject } from './subject.ts';
import type { Target } from './target.ts';

/** Pictures that a model is asked about at once. */
const BATCH = 16;

/** Outputs of the targets, in their order, for one photo of an answer. */
export function outputsOf(answer: Answer, row: number, targets: readonly Target[]): Float64Array {
  return Float64Array.from(targets, ({ attribute, classes, index }) => answer[attribute]![row * classes + index]!);
}

/**
 * Outputs of the targets for each of some pictures.
 * @param draw makes them one by one, uint8 `[size, size, 3]`, into the place given
 * @param onAsked told after each batch how many pictures were asked about
 */
export async function askAbout(
  { answer, size }: Pick<Subject, 'answer' | 'size'>,
  targets: readonly Target[],
  count: number,
  draw: (index: number, into: Uint8Array) => void,
  onAsked: (count: number) => void = () => undefined,
): Promise<Float64Array[]> {
  const length = size * size * 3;
  const outputs: Float64Array[] = [];
  for (let start = 0; start < count; start += BATCH) {
    const some = Math.min(BATCH, count - start);
    const pictures = new Uint8Array(some * length);
    for (let at = 0; at < some; at += 1) draw(start + at, pictures.subarray(at * length, (at + 1) * length));
    const answers = await answer(pictures, some);
    for (let at = 0; at < some; at += 1) outputs.push(outputsOf(answers, at, targets));
    onAsked(some);
  }
  return outputs;
}
