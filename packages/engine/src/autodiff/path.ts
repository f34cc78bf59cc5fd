import type { Graph } from '../graph/graph.ts';
import type { AnyNode, Value } from '../graph/value.ts';
import { rules } from '../rules/table.ts';

/** What lies between the parameters and the loss. */
export interface Path {
  /** The nodes through which a gradient flows, the last one first. */
  readonly nodes: readonly AnyNode[];
  /** Whether a value depends on a parameter, or is one, in a way that a gradient can follow. */
  readonly carries: (value: Value) => boolean;
}

/** The nodes that depend on a parameter and that the loss depends on. Operators without a gradient end the way. */
export function pathTo({ nodes }: Graph, loss: Value, parameters: readonly Value[]): Path {
  const dependent = new Set(parameters.filter(isFloat));
  const touched: AnyNode[] = [];
  for (const node of nodes) {
    const follows = node.inputs.some((input) => input !== undefined && dependent.has(input));
    if (!follows || rules[node.type].kind === 'constant') continue;
    for (const output of node.outputs.filter(isFloat)) dependent.add(output);
    touched.push(node);
  }
  const needed = new Set<Value>([loss]);
  const between = touched.reverse().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false;
    for (const input of node.inputs) if (input !== undefined && dependent.has(input)) needed.add(input);
    return true;
  });
  return { nodes: between, carries: (value) => dependent.has(value) && needed.has(value) };
}

function isFloat({ type }: Value): boolean {
  return type === 'float32' || type === 'float64';
}
