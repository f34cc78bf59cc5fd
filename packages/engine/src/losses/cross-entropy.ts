import { EngineError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { floats, int64s, tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { meanOver } from './mean.ts';

export interface CrossEntropyOptions {
  /** Weight of each class; default 1. */
  readonly classWeights?: readonly number[];
  /** Share of the target's probability spread evenly over all classes, in [0, 1); default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Softmax cross-entropy, the mean over the labelled rows; 0 when none is labelled. A negative target is not labelled.
 * As torch.nn.functional.cross_entropy: with s the smoothing and w the class weights,
 * sum over rows of [ (1 - s) w_y (-log p_y) + s / C sum over c of w_c (-log p_c) ] / sum over rows of w_y
 * (label smoothing: Szegedy et al. 2016, "Rethinking the Inception architecture", section 7).
 * @param logits float32 [N, C]
 * @param targets int64 [N], class positions
 * @returns float32 []
 * @throws EngineError SHAPE_MISMATCH, INVALID_ARGUMENT
 */
export function softmaxCrossEntropy(
  graph: Graph,
  logits: Value,
  targets: Value,
  options: CrossEntropyOptions = {},
): Value {
  return meanCrossEntropy(graph, logits, options, (classes) => ({
    probabilities: labelledRows(graph, targets, classes),
    weightOf: (weighted) => weighted,
  }));
}

/** The targets of a batch, in the form the loss is worked out from. */
interface TargetRows {
  /** float32 [N, C]; rows of zeros count nowhere. */
  readonly probabilities: Value;
  /** What sums up to the denominator of the mean. @param weighted the probabilities, each times its class's weight */
  readonly weightOf: (weighted: Value) => Value;
}

/** What both forms of the softmax cross-entropy share. @throws EngineError SHAPE_MISMATCH, INVALID_ARGUMENT */
export function meanCrossEntropy(
  graph: Graph,
  logits: Value,
  { classWeights, labelSmoothing = 0 }: CrossEntropyOptions,
  rowsOf: (classes: number) => TargetRows,
): Value {
  const classes = logits.shape[1];
  if (logits.shape.length !== 2 || typeof classes !== 'number') {
    throw new EngineError('SHAPE_MISMATCH', `logits are [N, classes], not [${logits.shape.join(', ')}]`);
  }
  if (classWeights !== undefined && classWeights.length !== classes) {
    throw new EngineError('INVALID_ARGUMENT', `${classWeights.length} class weights do not fit ${classes} classes`);
  }
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new EngineError('INVALID_ARGUMENT', `a label smoothing of ${labelSmoothing} is not in [0, 1)`);
  }
  return graph.within('crossEntropy', () => {
    const weights = graph.constant(floats([1, classes], classWeights ?? new Array<number>(classes).fill(1)));
    const { probabilities, weightOf } = rowsOf(classes);
    const weighted = graph.op('Mul', [probabilities, weights]);
    const total = graph.op('ReduceSum', [weightOf(weighted)], { keepdims: 0 });
    let coefficients = weighted;
    if (labelSmoothing > 0) {
      const labelled = graph.op('ReduceSum', [probabilities, graph.integers([1])], { keepdims: 1 });
      const spread = graph.op('Mul', [labelled, graph.op('Mul', [weights, graph.scalar(labelSmoothing / classes)])]);
      coefficients = graph.op('Add', [graph.op('Mul', [weighted, graph.scalar(1 - labelSmoothing)]), spread]);
    }
    const logarithms = graph.op('LogSoftmax', [logits], { axis: 1 });
    const sum = graph.op('ReduceSum', [graph.op('Mul', [coefficients, logarithms])], { keepdims: 0 });
    return meanOver(graph, graph.op('Neg', [sum]), total);
  });
}

/** targets int64 [N] -> float32 [N, classes]: 1 at the target; rows without a label are zeros and so count nowhere. */
function labelledRows(graph: Graph, targets: Value, classes: number): Value {
  const position = (value: number): Value => graph.constant(tensor('int64', [], BigInt64Array.of(BigInt(value))));
  const labelled = graph.op('GreaterOrEqual', [targets, position(0)]);
  // OneHot counts negative positions from the end, and makes zeros of those behind it.
  const positions = graph.op('Where', [labelled, targets, position(classes)]);
  return graph.op('OneHot', [positions, graph.constant(int64s([classes])), graph.constant(floats([2], [0, 1]))], {
    axis: -1,
  });
}
