/** @file Deletion and insertion (Petsiuk et al. 2018, "RISE", arXiv:1806.07421, section 4.2). */
import type { FaithfulnessCurve } from '@busana/contracts';
import { askAbout } from './ask.ts';
import { blurred } from './masking.ts';
import type { Subject } from './subject.ts';
import type { Target } from './target.ts';

/** Steps of a curve. */
const CURVE_STEPS = 28;
/** What a deleted pixel becomes: the mean colour of ImageNet's pictures, as RISE's code has it for its networks. */
const GREY = [124, 116, 104] as const;

/** A photo whose pixels are changed in an order. */
export interface Ranked {
  readonly subject: Pick<Subject, 'answer' | 'size'>;
  /** Uint8 `[size, size, 3]`. */
  readonly picture: Uint8Array;
  readonly target: Target;
  /** `[size, size]`, the larger the sooner. */
  readonly importance: ArrayLike<number>;
}

/** The most important pixels become grey, step by step. */
export function deletionCurve(ranked: Ranked): Promise<FaithfulnessCurve> {
  return curveOf(ranked, ranked.picture, (_, channel) => GREY[channel]);
}

/** The most important pixels come back into the blurred photo, step by step. */
export function insertionCurve(ranked: Ranked): Promise<FaithfulnessCurve> {
  const { picture, subject } = ranked;
  return curveOf(ranked, blurred(picture, subject.size), (pixel, channel) => picture[pixel * 3 + channel]!);
}

/** @param after what a channel of a pixel becomes */
async function curveOf(
  { subject, target, importance }: Ranked,
  start: Uint8Array,
  after: (pixel: number, channel: 0 | 1 | 2) => number,
): Promise<FaithfulnessCurve> {
  const order = importanceOrder(importance);
  const outputs = await askAbout(subject, [target], CURVE_STEPS + 1, (step, into) => {
    into.set(start);
    for (const pixel of order.subarray(0, Math.round((order.length * step) / CURVE_STEPS))) {
      for (const channel of [0, 1, 2] as const) into[pixel * 3 + channel] = after(pixel, channel);
    }
  });
  const scores = outputs.map(([score]) => score!);
  return { scores, area: areaUnder(scores) };
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
