import type { Graph } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import { meanOver } from './mean.ts';

/**
 * Sigmoid cross-entropy, the mean over the labelled entries; 0 when none is labelled. A negative target is not labelled.
 * Per entry with logit x and target t: softplus(x) - x t, which equals -t log p - (1 - t) log(1 - p) and does not
 * overflow. As torch.nn.functional.binary_cross_entropy_with_logits.
 * @param logits float32, any shape
 * @param targets float32 in [0, 1], the shape of the logits
 * @returns float32 []
 * @throws EngineError SHAPE_MISMATCH
 */
export function binaryCrossEntropyWithLogits(graph: Graph, logits: Value, targets: Value): Value {
  return graph.within('binaryCrossEntropy', () => {
    const labelled = graph.op('GreaterOrEqual', [targets, graph.scalar(0)]);
    const counted = graph.op('Cast', [labelled], { to: 'float32' });
    const losses = graph.op('Sub', [graph.op('Softplus', [logits]), graph.op('Mul', [logits, targets])]);
    const sum = graph.op('ReduceSum', [graph.op('Mul', [losses, counted])], { keepdims: 0 });
    return meanOver(graph, sum, graph.op('ReduceSum', [counted], { keepdims: 0 }));
  });
}
