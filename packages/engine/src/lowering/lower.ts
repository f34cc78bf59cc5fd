import { placeCopy } from '../graph/copy.ts';
import { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import { Build } from '../rules/build.ts';
import { lowerAfter } from './after.ts';
import { lowerInBlocks } from './blocked/lower.ts';
import { lowerPixels } from './pixels.ts';
import { lowerPlainly } from './plain/lower.ts';
import { matchRank } from './scalar-operands.ts';
import { startLowering, type LowerOptions } from './lowering.ts';
import { lowerInRows } from './rows/lower.ts';

/**
 * The graph in the runtime's operators and in the forms it is fast with: the same inputs and outputs under the
 * same names, our own operators replaced, convolutions and what lies between them in blocks, single numbers in the rank of what they
 * meet. The given graph is left as it is, and returned where there is nothing to replace.
 */
export function lower(graph: Graph, options: LowerOptions = {}): Graph {
  const result = new Graph();
  const lowering = startLowering(graph, new Build(result), options);
  const { values } = lowering;
  for (const value of graph.inputs) values.setPlain(value, result.input(value.name, value.type, value.shape));
  for (const value of graph.constants) values.setPlain(value, result.constant(value.constant!, value.name));
  const matched = matchRank(result);
  let changed = false;
  for (const node of graph.nodes) {
    if (lowering.absorbed.has(node)) continue;
    const done = result.within(
      `${node.name}/lowered`,
      () =>
        lowerAfter(lowering, node) ||
        lowerPixels(lowering, node) ||
        lowerInBlocks(lowering, node) ||
        lowerInRows(lowering, node) ||
        lowerPlainly(lowering, node),
    );
    changed ||= done;
    if (done) continue;
    const inputs = node.inputs.map((value) => value && values.plain(value));
    const operands = matched(node, inputs);
    changed ||= operands !== inputs;
    const made = placeCopy<OperatorType>(result, node, operands);
    node.outputs.forEach((output, index) => values.setPlain(output, made[index]!));
  }
  if (!changed) return graph;
  for (const value of graph.outputs) {
    const copy = values.plain(value);
    if (copy.name === value.name) result.outputs.push(copy);
    else result.output(copy, value.name);
  }
  return result;
}
