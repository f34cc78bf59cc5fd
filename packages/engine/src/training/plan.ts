/** @file One ONNX graph that is a whole training step: forward, loss, gradients, optimizer. */
import { gradients } from '../autodiff/gradients.ts';
import { EngineError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { Network } from '../layers/network.ts';
import { applyOptimizer } from '../optim/apply.ts';
import type { Optimizer, Update } from '../optim/transform.ts';
import { accumulateGradients } from './accumulation.ts';
import { averageParameters } from './averaging.ts';

/** Names of the inputs that are not the caller's. */
export const LEARNING_RATE = 'learning_rate';
export const STEP = 'step';

export interface StepPlan {
  readonly graph: Graph;
  readonly network: Network;
  readonly loss: Value;
  readonly outputs: Readonly<Record<string, Value>>;
  /** Graph input of each number that a step changes -> graph output that holds its next value. */
  readonly next: ReadonlyMap<string, string>;
  /** Zeros for the optimizer's slots, the averages and the accumulators, by graph input. */
  readonly slots: ReadonlyMap<string, Tensor>;
  /** Whether there are accumulators, and with them the inputs `update` and `share`. */
  readonly accumulates: boolean;
}

export interface StepDefinition {
  /** Builds the network and its loss, float32 []. Inputs of its own are fed by the caller at each step. */
  readonly build: (network: Network) => { readonly loss: Value; readonly outputs?: Readonly<Record<string, Value>> };
  readonly optimizer: Optimizer;
  /** Parameters and running statistics that stay as they are, by name. Their gradients are not built. */
  readonly frozen?: (name: string) => boolean;
  /** Decay of a moving average that is kept of every trained parameter and running statistic, [0, 1); default: none is kept. */
  readonly averaging?: number;
  /**
   * Whether a batch may be given in several passes, of which only the last updates; default false. Parameters, the
   * optimizer's slots and the averages move at updates alone, running statistics at every pass, as in PyTorch.
   */
  readonly accumulate?: boolean;
}

/**
 * Writes the graph of a training step. A trainable parameter that the loss does not depend on stays as it is.
 * @throws EngineError NO_GRADIENT, SHAPE_MISMATCH; INVALID_GRAPH when nothing is left to train
 */
export function planStep(definition: StepDefinition): StepPlan {
  const { build, frozen = () => false, accumulate = false } = definition;
  const graph = new Graph();
  const network = new Network(graph, { training: true, frozen });
  const { loss, outputs = {} } = build(network);
  if (loss.type !== 'float32' || loss.shape.length > 0) {
    throw new EngineError('SHAPE_MISMATCH', `a loss is float32 [], not ${loss.type} [${loss.shape.join(', ')}]`);
  }
  const updates = gradientsOf(network, loss);
  const statistics = new Map([...network.updates].filter(([name]) => !frozen(name)));
  const { next, slots } = accumulate
    ? planAccumulation(graph, updates, statistics, definition)
    : planUpdate(graph, updates, statistics, definition);
  const marked = (value: Value): Value => markOutput(graph, value);
  return {
    graph,
    network,
    loss: marked(loss),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, marked(value)])),
    next: new Map([...statistics, ...next].map(([name, value]) => [name, marked(value).name])),
    slots,
    accumulates: accumulate,
  };
}

/** Numbers that a step changes, by graph input: their values after it, and their zeros before the first. */
interface Moved {
  readonly next: ReadonlyMap<string, Value>;
  readonly slots: ReadonlyMap<string, Tensor>;
}

/** Parameters, the optimizer's slots and the averages after an update. */
function planUpdate(
  graph: Graph,
  updates: readonly Update[],
  statistics: ReadonlyMap<string, Value>,
  { optimizer, averaging }: StepDefinition,
): Moved {
  const learningRate = graph.input(LEARNING_RATE, 'float32', []);
  const step = graph.input(STEP, 'float64', []);
  const optimized = graph.within('optimizer', () => applyOptimizer(optimizer, updates, { graph, learningRate, step }));
  if (averaging === undefined) return optimized;
  const averaged = graph.within('averaging', () => {
    const trained = updates.map(({ name }) => [name, optimized.next.get(name)!] as const);
    return averageParameters(graph, new Map([...statistics, ...trained]), { decay: averaging, step });
  });
  return {
    next: new Map([...optimized.next, ...averaged.next]),
    slots: new Map([...optimized.slots, ...averaged.slots]),
  };
}

/** As {@link planUpdate}, after the last of several passes. */
function planAccumulation(
  graph: Graph,
  gradients: readonly Update[],
  statistics: ReadonlyMap<string, Value>,
  definition: StepDefinition,
): Moved {
  const accumulated = graph.within('accumulation', () => accumulateGradients(graph, gradients));
  const updated = planUpdate(graph, accumulated.totals, statistics, definition);
  return {
    next: graph.within('accumulation', () => accumulated.onUpdate(updated.next)),
    slots: new Map([...updated.slots, ...accumulated.slots]),
  };
}

function gradientsOf(network: Network, loss: Value): readonly Update[] {
  const trained = network.specs.filter(({ name, trainable }) => trainable && !network.frozen(name));
  const values = trained.map(({ name }) => network.parameters.get(name)!);
  const found = gradients(network.graph, loss, values);
  const updates = trained.flatMap(({ name, decay }, index) => {
    const parameter = values[index]!;
    const update = found.get(parameter);
    return update === undefined ? [] : [{ name, parameter, decay, update }];
  });
  if (updates.length === 0) throw new EngineError('INVALID_GRAPH', 'the loss depends on no parameter that is trained');
  return updates;
}

/** Every output is a node's and is written once: what is no node's, or an output already, is passed on by another. */
function markOutput(graph: Graph, value: Value): Value {
  const taken = [...graph.inputs, ...graph.constants, ...graph.outputs].includes(value);
  return graph.output(taken ? graph.op('Identity', [value]) : value);
}
