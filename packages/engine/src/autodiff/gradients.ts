/**
 * @file Reverse-mode differentiation: from the loss back through the nodes in reverse order, each node's rule turning
 * the gradients of its outputs into those of its inputs (Griewank and Walther 2008, chapter 3).
 */
import { EngineError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { OperatorType } from '../graph/operators.ts';
import type { AnyNode, Block, Node, Value } from '../graph/value.ts';
import { Build, sizesOf } from '../rules/build.ts';
import type { Backward, Gradients, Rule, Verdict } from '../rules/rule.ts';
import { rules } from '../rules/table.ts';
import { fit } from './fit.ts';
import { pathTo } from './path.ts';
import { Recomputation } from './recomputation.ts';

/**
 * Appends the backward pass to the graph and returns the gradient of each parameter; a parameter that the loss does
 * not depend on is absent. Only what these gradients need is built.
 * @param loss a scalar, or any value together with a seed
 * @param seed the gradient to begin with, in the shape of `loss`; 1 for a scalar
 * @param blocks parts of the graph whose inside is computed again instead of kept; default: none
 * @throws EngineError NO_GRADIENT naming the operator and the node, when the way leads through a refused operator or a
 * size that is only known at run time; INVALID_ARGUMENT when the loss is not a scalar and has no seed
 */
export function gradients(
  graph: Graph,
  loss: Value,
  parameters: readonly Value[],
  seed?: Value,
  blocks: readonly Block[] = [],
): ReadonlyMap<Value, Value> {
  const build = new Build(graph);
  const recomputation = new Recomputation(graph, blocks);
  const path = pathTo(graph, loss, parameters);
  const collected = new Map<Value, Value>([[loss, seed ?? one(graph, loss)]]);
  expectSeed(loss, collected.get(loss)!);
  const collect = (value: Value, gradient: Value): void => {
    const fitted = fit(build, gradient, value);
    const before = collected.get(value);
    collected.set(value, before === undefined ? fitted : build.add(before, fitted));
  };
  for (const node of path.nodes) {
    const arrived = node.outputs.map((output) => collected.get(output)).find((gradient) => gradient !== undefined);
    if (arrived === undefined) continue;
    const saved = (value: Value): Value => recomputation.of(node, value, arrived);
    naming(node, () =>
      graph.within(`${node.name}/gradient`, () => {
        const found = differentiate(node, { build, collected, saved, carries: path.carries });
        node.inputs.forEach((input, index) => {
          const gradient = found[index];
          if (input !== undefined && gradient !== undefined && path.carries(input)) collect(input, gradient);
        });
      }),
    );
  }
  const result = new Map<Value, Value>();
  for (const parameter of parameters) {
    const gradient = path.carries(parameter) ? collected.get(parameter) : undefined;
    if (gradient !== undefined) result.set(parameter, gradient);
  }
  return result;
}

/** The way back, at a node. */
interface Walk {
  readonly build: Build;
  readonly collected: ReadonlyMap<Value, Value>;
  /** A forward value of the node as it is kept, or computed again. */
  readonly saved: (value: Value) => Value;
  readonly carries: (value: Value) => boolean;
}

/** The gradients of one node's inputs. @throws EngineError NO_GRADIENT */
function differentiate<T extends OperatorType>(node: Node<T>, walk: Walk): Gradients {
  const verdict: Verdict<T> = rules[node.type];
  if (verdict.kind === 'constant') return [];
  if (verdict.kind === 'refuse') throw new EngineError('NO_GRADIENT', verdict.why);
  if (verdict.firstOutputOnly && node.outputs.slice(1).some((output) => walk.collected.has(output))) {
    throw new EngineError('NO_GRADIENT', 'only its first output carries a gradient');
  }
  return verdict.gradient(backwardOf(node, verdict, walk));
}

function backwardOf<T extends OperatorType>(
  node: Node<T>,
  { saves }: Rule<T>,
  { build, collected, saved, carries }: Walk,
): Backward<T> {
  const declared = (kind: 'input' | 'output', index: number): Value => {
    const indices = kind === 'input' ? saves.inputs : saves.outputs;
    const value = (kind === 'input' ? node.inputs : node.outputs)[index];
    if (value === undefined) {
      throw new EngineError('NO_GRADIENT', `its ${kind} ${index} is needed, and the node was made without it`);
    }
    if (indices !== 'all' && indices?.includes(index) !== true) {
      throw new EngineError('INVALID_ARGUMENT', `the rule of ${node.type} reads ${kind} ${index} without saving it`);
    }
    return saved(value);
  };
  return {
    node,
    build,
    input: (index) => declared('input', index),
    output: (index) => declared('output', index),
    gradientOfOutput: (index) => {
      const output = node.outputs[index]!;
      return collected.get(output) ?? build.zeros(output.type, sizesOf(output));
    },
    wanted: (index) => {
      const input = node.inputs[index];
      return input !== undefined && carries(input);
    },
  };
}

/** Says of a refusal which operator and node it is about. */
function naming({ type, name }: AnyNode, body: () => void): void {
  try {
    body();
  } catch (cause) {
    if (!(cause instanceof EngineError) || cause.code !== 'NO_GRADIENT') throw cause;
    throw new EngineError('NO_GRADIENT', `no gradient through ${type} '${name}': ${cause.message}`, cause);
  }
}

function one(graph: Graph, loss: Value): Value {
  if (loss.shape.length === 0) return graph.scalar(1, loss.type === 'float64' ? 'float64' : 'float32');
  const shape = loss.shape.join(', ');
  throw new EngineError(
    'INVALID_ARGUMENT',
    `the loss '${loss.name}' has the shape [${shape}]: give a seed or a scalar`,
  );
}

function expectSeed(loss: Value, seed: Value): void {
  if (seed.type === loss.type && seed.shape.join() === loss.shape.join()) return;
  const [wanted, got] = [loss, seed].map(({ type, shape }) => `${type} [${shape.join(', ')}]`);
  throw new EngineError('INVALID_ARGUMENT', `the seed of '${loss.name}' must be ${wanted}, not ${got}`);
}
