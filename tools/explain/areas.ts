/** @file What orders of pixels are worth: areas under the two curves, in probability and in log-odds. */
import { areaUnder, deletionCurve, insertionCurve } from '../../packages/vision/src/explain/faithfulness.ts';
import { scored } from '../../packages/vision/src/explain/log-odds.ts';
import type { Subject } from '../../packages/vision/src/explain/subject.ts';
import type { Target } from '../../packages/vision/src/explain/target.ts';

export const measures = ['deletion to grey', 'insertion into blur'] as const;
export type MeasureName = (typeof measures)[number];
export const units = ['probability', 'logOdds'] as const;
export type Areas = Readonly<Record<(typeof units)[number], number>>;

/** @param importance `[size, size]`, the larger the sooner */
export async function areasOf(
  subject: Subject,
  picture: Uint8Array,
  target: Target,
  importance: Float32Array,
): Promise<Record<MeasureName, Areas>> {
  const ranked = { subject: scored(subject, 'log-odds'), picture, target, importance };
  const area = async (curve: typeof deletionCurve): Promise<Areas> => {
    const { scores, area: logOdds } = await curve(ranked);
    return { probability: areaUnder(scores.map((score) => 1 / (1 + Math.exp(-score)))), logOdds };
  };
  return { 'deletion to grey': await area(deletionCurve), 'insertion into blur': await area(insertionCurve) };
}
