import { Graph } from '../../src/graph/graph.ts';
import type { Tensor } from '../../src/graph/tensor.ts';
import type { Value } from '../../src/graph/value.ts';
import { Random } from '../../src/random.ts';
import { caseOf, type CasedType } from './operator-cases.ts';

export interface CaseGraph {
  readonly graph: Graph;
  readonly feeds: Record<string, Tensor>;
}

/** Several random applications of one operator side by side, all results being outputs of the graph. */
export function caseGraph(type: CasedType, cases: number, seed: number): CaseGraph {
  const graph = new Graph();
  const feeds: Record<string, Tensor> = {};
  for (let index = 0; index < cases; index += 1) appendCase(graph, feeds, type, Random.of(seed, type, index), index);
  return { graph, feeds };
}

/** Appends one random application and marks its results as outputs. */
export function appendCase<T extends CasedType>(
  graph: Graph,
  feeds: Record<string, Tensor>,
  type: T,
  random: Random,
  index: number,
): void {
  const { inputs, attributes, count } = caseOf(type, random);
  const values = inputs.map((operand, at): Value | undefined => {
    if (operand === undefined) return undefined;
    const name = `${type}_${index}_input${at}`;
    if (operand.constant) return graph.constant(operand.content, name);
    feeds[name] = operand.content;
    return graph.input(name, operand.content.type, operand.content.shape);
  });
  // Typed as in Graph.place: the attributes are this operator's.
  const outputs = Array.from({ length: count ?? 1 }, (_, at) => `${type}_${index}_output${at}`);
  for (const value of graph.place({ node: `${type}_${index}`, outputs }, type, values, attributes)) graph.output(value);
}
