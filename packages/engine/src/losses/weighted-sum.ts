import { EngineError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';

/** One term of a sum of losses. */
export interface WeightedLoss {
  /** float32 [] */
  readonly loss: Value;
  /** Default 1. */
  readonly weight?: number;
}

/** The weighted sum of several losses, e.g. one per head. @returns float32 [] @throws EngineError INVALID_ARGUMENT */
export function weightedSum(graph: Graph, losses: readonly WeightedLoss[]): Value {
  if (losses.length === 0) throw new EngineError('INVALID_ARGUMENT', 'a sum of losses needs at least one loss');
  return losses
    .map(({ loss, weight = 1 }) => (weight === 1 ? loss : graph.op('Mul', [loss, graph.scalar(weight)])))
    .reduce((sum, loss) => graph.op('Add', [sum, loss]));
}
