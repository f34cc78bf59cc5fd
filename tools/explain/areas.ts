/** @file What an order of pixels is worth: areas under four curves, in probability and in log-odds. */
import { areaUnder, deletionCurve, insertionCurve } from '../../packages/vision/src/explain/faithfulness.ts';
import { scored } from '../../packages/vision/src/explain/log-odds.ts';
import type { Subject } from '../../packages/vision/src/explain/subject.ts';
import type { Target } from '../../packages/vision/src/explain/target.ts';

/** By name; `better` is the sign of a better area. */
export const measures = {
  'deletion to grey': -1,
  'insertion into grey': 1,
  'deletion to blur': -1,
  'insertion into blur': 1,
} as const;
export type MeasureName = keyof typeof measures;

export interface Areas {
  readonly probability: number;
  readonly logOdds: number;
}

/** @param importance `[size, size]`, the larger the sooner */
export async function areasOf(
  subject: Subject,
  picture: Uint8Array,
  target: Target,
  importance: Float32Array,
): Promise<Readonly<Record<MeasureName, Areas>>> {
  const asked = scored(subject, 'log-odds');
  // What is changed last comes back first: the curve of the reversed order, read backwards, has the same area.
  const reversed = importance.map((value) => -value);
  const area = async (curve: typeof deletionCurve, order: Float32Array): Promise<Areas> => {
    const { scores, area: logOdds } = await curve({ subject: asked, picture, target, importance: order });
    return { probability: areaUnder(scores.map((score) => 1 / (1 + Math.exp(-score)))), logOdds };
  };
  return {
    'deletion to grey': await area(deletionCurve, importance),
    'insertion into grey': await area(deletionCurve, reversed),
    'deletion to blur': await area(insertionCurve, reversed),
    'insertion into blur': await area(insertionCurve, importance),
  };
}
