import type { TrainingConfig } from '@busana/contracts';
import { softCrossEntropy, softmaxCrossEntropy, type Graph, type Value } from '@busana/engine';
import { MISSING, type Targets } from '../data/dataset.ts';
import type { NetworkPlan } from './approach.ts';

export interface HeadsLossOptions {
  /** Per head, weights per class; undefined for equal ones. */
  readonly weights: readonly (readonly number[] | undefined)[];
  readonly labelSmoothing: number;
}

/**
 * Sum over heads of the softmax cross-entropy; cells that are not labelled count nowhere.
 * @param targets per head, classes int64 `[N]` or probabilities float32 `[N, classes]`
 */
export function headsLoss(
  graph: Graph,
  logits: readonly Value[],
  targets: readonly Value[],
  { weights, labelSmoothing }: HeadsLossOptions,
): Value {
  const losses = logits.map((head, index) => {
    const classWeights = weights[index];
    const target = targets[index]!;
    const crossEntropy = target.type === 'float32' ? softCrossEntropy : softmaxCrossEntropy;
    return crossEntropy(graph, head, target, {
      labelSmoothing,
      ...(classWeights === undefined ? {} : { classWeights }),
    });
  });
  return losses.reduce((sum, loss) => graph.op('Add', [sum, loss]));
}

/**
 * `balanced`: n / (classes * count of the class), as scikit-learn's `class_weight='balanced'`, over the training photos
 * alone; a class without a photo gets weight 0.
 */
export function classWeights(
  weighting: TrainingConfig['classWeights'],
  plan: NetworkPlan,
  train: readonly number[],
  targets: readonly Targets[],
): (readonly number[] | undefined)[] {
  if (weighting === 'none') return plan.heads.map(() => undefined);
  const counts = plan.heads.map((head) => new Array<number>(head.classes).fill(0));
  for (const index of train) {
    plan.headTargets(targets[index]!).forEach((target, head) => {
      if (target !== MISSING) counts[head]![target]! += 1;
    });
  }
  return counts.map((perClass) => {
    const total = perClass.reduce((sum, count) => sum + count, 0);
    return perClass.map((count) => (count === 0 ? 0 : total / (perClass.length * count)));
  });
}

/**
 * Mean over the photos of the summed cross-entropy of the heads, from logits; heads without a label are left out.
 * @param logits per head, `[photos * classes]` row-major
 * @param targets per photo, class per head
 * @returns undefined when no head of any photo is labelled
 */
export function validationLoss(
  logits: readonly Float32Array[],
  targets: readonly (readonly number[])[],
): number | undefined {
  const perHead = logits.map((head, position) => {
    const classes = head.length / targets.length;
    let [sum, labelled] = [0, 0];
    targets.forEach((photo, row) => {
      const target = photo[position]!;
      if (target === MISSING) return;
      const scores = head.subarray(row * classes, (row + 1) * classes);
      sum += logSumExp(scores) - scores[target]!;
      labelled += 1;
    });
    return labelled === 0 ? undefined : sum / labelled;
  });
  const known = perHead.filter((loss) => loss !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, loss) => sum + loss, 0);
}

/** Softmax over each row of `[N * classes]`. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const result = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const normaliser = logSumExp(row);
    row.forEach((score, index) => {
      result[start + index] = Math.exp(score - normaliser);
    });
  }
  return result;
}

function logSumExp(scores: Float32Array): number {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  return largest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - largest), 0));
}
