/** @file Everything that is said about one photo. */
import type { AttributionRecord, ExplainedPhoto, Reason } from '@busana/contracts';
import type { Picture } from '../image/picture.ts';
import { garmentMask } from '../mask/garment.ts';
import { reasonText } from '../predict/reason-text.ts';
import { outputsOf } from './ask.ts';
import { deletionCurve, insertionCurve } from './faithfulness.ts';
import { heatOf, shareInside } from './heat.ts';
import type { Attribution, Explainer, ExplainTask } from './method.ts';
import { targetsOf, type Target, type Wish } from './target.ts';
import { warningsOf } from './warnings.ts';

export interface PhotoOptions extends Pick<ExplainTask, 'onProgress' | 'signal'> {
  readonly wish: Wish;
  /** Whether deletion and insertion are measured. */
  readonly curves: boolean;
}

/** What is said of one class, and what it is drawn from. */
export interface Finding {
  readonly target: Target;
  readonly attribution: Attribution;
  /** `[size, size]`. */
  readonly heat: Float32Array;
  /** Its warnings, for programs. */
  readonly doubts: readonly Reason[];
  readonly record: Omit<AttributionRecord, 'values' | 'overlay'>;
}

export interface PhotoFindings extends Pick<ExplainedPhoto, 'garment_area' | 'seconds'> {
  readonly findings: readonly Finding[];
}

/** @param picture of the model's size. @throws BusanaError INTERRUPTED */
export async function explainPhoto(
  { subject, explain }: Explainer,
  picture: Picture,
  { wish, curves, onProgress, signal }: PhotoOptions,
): Promise<PhotoFindings> {
  const answer = await subject.answer(picture.data, 1);
  const targets = targetsOf(subject, wish, answer);
  const outputs = outputsOf(answer, 0, targets);
  const begin = performance.now();
  const attributions = await explain({
    picture: picture.data,
    targets,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const seconds = (performance.now() - begin) / 1000;
  const heats = attributions.map(heatOf);
  const garment = garmentMask(picture);
  const shares = heats.map((heat) => (garment === undefined ? undefined : shareInside(heat, garment)));
  const doubts = await warningsOf(subject, picture, targets, { garment, shares });
  const findings: Finding[] = [];
  for (const [at, target] of targets.entries()) {
    const attribution = attributions[at]!;
    const { sum } = attribution;
    const heat = heats[at]!;
    const output = outputs[at]!;
    const ranked = { subject, picture: picture.data, target, importance: heat };
    findings.push({
      target,
      attribution,
      heat,
      doubts: doubts[at]!,
      record: {
        attribute: target.attribute,
        code: target.code,
        label: target.label,
        output,
        explained_value: sum?.full ?? null,
        base_value: sum?.base ?? null,
        score_range: sum?.range ?? null,
        additivity_error: sum === undefined ? null : Math.abs(sum.base + total(attribution) - sum.full),
        garment_share: shares[at] ?? null,
        deletion: curves ? await deletionCurve(ranked) : null,
        insertion: curves ? await insertionCurve(ranked) : null,
        warnings: doubts[at]!.map((doubt) => reasonText(doubt, subject)),
      },
    });
  }
  const area = garment === undefined ? null : garment.reduce((count, flag) => count + flag, 0) / garment.length;
  return { garment_area: area, seconds, findings };
}

function total({ values }: Attribution): number {
  return values.reduce((sum, value) => sum + value, 0);
}
