import { consumersOf, GraphCopy } from '../graph/copy.ts';
import type { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { AnyNode, Shape, Value } from '../graph/value.ts';

/** Runs a graph without inputs. */
export type Compute = (graph: Graph) => Promise<Readonly<Record<string, Tensor>>>;

/** Nodes with larger results stay: zeros of the size of a map, and weights, which would be copied once more for it. */
const SMALL = 2 ** 14;

/**
 * The graph with numbers in place of nodes that depend on constants alone; itself where there are none. A node that
 * gives an output of the graph stays.
 * @param compute the runtime, so that numbers are the same before and after
 */
export async function foldConstants(graph: Graph, compute: Compute): Promise<Graph> {
  const foldable = foldableNodes(graph);
  if (foldable.size === 0) return graph;
  const consumers = consumersOf(graph);
  const isRead = (value: Value): boolean => consumers.get(value)?.some((node) => !foldable.has(node)) === true;
  const part = new GraphCopy(graph);
  part.graph.inputs.length = 0;
  for (const node of foldable) {
    part.node(node);
    part.graph.outputs.push(...node.outputs.filter(isRead).map((value) => part.of(value)));
  }
  const numbers = part.graph.outputs.length === 0 ? {} : await compute(part.graph);
  const copy = new GraphCopy(graph);
  for (const node of graph.nodes) {
    if (!foldable.has(node)) copy.node(node);
    else {
      for (const value of node.outputs.filter(isRead)) {
        copy.replace(value, copy.graph.constant(numbers[value.name]!, value.name));
      }
    }
  }
  copy.graph.outputs.push(...graph.outputs.map((value) => copy.of(value)));
  return copy.graph;
}

function foldableNodes(graph: Graph): ReadonlySet<AnyNode> {
  const outputs = new Set(graph.outputs);
  const known = new Set<Value | undefined>([undefined, ...graph.constants]);
  const foldable = new Set<AnyNode>();
  for (const node of graph.nodes) {
    if (!node.inputs.every((value) => known.has(value)) || node.outputs.some((value) => outputs.has(value))) continue;
    // A size that is not known yet compares as false.
    if (!node.outputs.every(({ shape }) => sizeOf(shape) <= SMALL)) continue;
    foldable.add(node);
    for (const value of node.outputs) known.add(value);
  }
  return foldable;
}

/** NaN where a size is only known at run time. */
function sizeOf(shape: Shape): number {
  return shape.reduce<number>((size, dimension) => size * Number(dimension), 1);
}
