import { EngineError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import { meanCrossEntropy, type CrossEntropyOptions } from './cross-entropy.ts';

/**
 * Softmax cross-entropy with probabilities as targets, the mean over the labelled rows; 0 when none is labelled. A row of
 * zeros is not labelled. As torch.nn.functional.cross_entropy with targets of that form: with s the smoothing, w the
 * class weights and t the targets,
 * sum over rows and c of ((1 - s) t_c + s / C) w_c (-log p_c) / number of rows.
 * Unlike with class positions the weights do not enter the denominator, so that they set the scale of the loss.
 * @param logits float32 [N, C]
 * @param targets float32 [N, C], rows that sum to 1 or 0
 * @returns float32 []
 * @throws EngineError SHAPE_MISMATCH, INVALID_ARGUMENT
 */
export function softCrossEntropy(
  graph: Graph,
  logits: Value,
  targets: Value,
  options: CrossEntropyOptions = {},
): Value {
  if (logits.shape.join() !== targets.shape.join()) {
    throw new EngineError(
      'SHAPE_MISMATCH',
      `targets [${targets.shape.join(', ')}] are not probabilities for logits [${logits.shape.join(', ')}]`,
    );
  }
  return meanCrossEntropy(graph, logits, options, () => ({ probabilities: targets, weightOf: () => targets }));
}
