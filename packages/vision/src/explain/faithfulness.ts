/** @file Deletion and insertion (Petsiuk et al. 2018, "RISE", arXiv:1806.07421, section 4.2). */
import type { FaithfulnessCurve } from '@busana/contracts';
import { askAbout } from './ask.ts';
import { blurred } from './masking.ts';
import type { Subject } from './subject.ts';
import type { Target } from './target.ts';

/** Steps of a curve. */
export const CURVE_STEPS = 28;
/** What a deleted pixel becomes: the mean colour of ImageNet's pictures, as RISE's code has it for its networks. */
const GREY = [124, 116, 104] as const;

export interface Faithfulness {
  readonly deletion: FaithfulnessCurve;
  readonly insertion: FaithfulnessCurve;
}

/**
 * Deletion: the most important pixels become grey, step by step. Insertion: they come back into the blurred photo.
 * @param picture uint8 `[size, size, 3]`
 * @param importance `[size, size]`, the larger the sooner
 */
export async function faithfulness(
  subject: Subject,
  picture: Uint8Array,
  target: Target,
  importance: ArrayLike<number>,
  onAsked?: (count: number) => void,
): Promise<Faithfulness> {
  const order = importanceOrder(importance);
  const veil = blurred(picture, subject.size);
  const curve = async (start: (at: number) => number, end: Uint8Array | undefined): Promise<FaithfulnessCurve> => {
    const outputs = await askAbout(
      subject,
      [target],
      CURVE_STEPS + 1,
      (step, into) => {
        for (let at = 0; at < into.length; at += 1) into[at] = start(at);
        const changed = Math.round((order.length * step) / CURVE_STEPS);
        for (const pixel of order.subarray(0, changed)) {
          for (let channel = 0; channel < 3; channel += 1) {
            into[pixel * 3 + channel] = end === undefined ? GREY[channel]! : end[pixel * 3 + channel]!;
          }
        }
      },
      onAsked,
    );
    const scores = outputs.map(([score]) => score!);
    return { scores, area: areaUnder(scores) };
  };
  return {
    deletion: await curve((at) => picture[at]!, undefined),
    insertion: await curve((at) => veil[at]!, picture),
  };
}

/** Pixels, the most important first; those as important as each other as they come. */
function importanceOrder(importance: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: importance.length }, (_, at) => at).sort(
    (a, b) => importance[b]! - importance[a]! || a - b,
  );
}

/** By trapezoids, over 0..1. */
export function areaUnder(scores: readonly number[]): number {
  const inner = scores.reduce((sum, score) => sum + score, 0) - (scores[0]! + scores.at(-1)!) / 2;
  return inner / (scores.length - 1);
}
