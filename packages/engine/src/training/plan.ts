/** @file One ONNX graph that is a whole training step: forward, loss, gradients, optimizer. */
import { gradients } from '../autodiff/gradients.ts';
import { EngineError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import { Network } from '../layers/network.ts';
import { applyOptimizer } from '../optim/apply.ts';
import type { Optimizer, Update } from '../optim/transform.ts';
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
  /** Zeros for the optimizer's slots and the averages, by graph input. */
  readonly slots: ReadonlyMap<string, Tensor>;
}

export interface StepDefinition {
  /** Builds the network and its loss, float32 []. Inputs of its own are fed by the caller at each step. */
  readonly build: (network: Network) => { readonly loss: Value; readonly outputs?: Readonly<Record<string, Value>> };
  readonly optimizer: Optimizer;
  /** Parameters and running statistics that stay as they are, by name. Their gradients are not built. */
  readonly frozen?: (name: string) => boolean;
  /** Decay of a moving average that is kept of every trained parameter and running statistic, [0, 1); default: none is kept. */
  readonly averaging?: number;
}

/**
 * Writes the graph of a training step. A trainable parameter that the loss does not depend on stays as it is.
 * @throws EngineError NO_GRADIENT, SHAPE_MISMATCH; INVALID_GRAPH when nothing is left to train
 */
export function planStep({ build, optimizer, frozen = () => false, averaging }: StepDefinition): StepPlan {
  const graph = new Graph();
  const network = new Network(graph, { training: true, frozen });
  const { loss, outputs = {} } = build(network);
  if (loss.type !== 'float32' || loss.shape.length > 0) {
    throw new EngineError('SHAPE_MISMATCH', `a loss is float32 [], not ${loss.type} [${loss.shape.join(', ')}]`);
  }
  const updates = gradientsOf(network, loss);
  const learningRate = graph.input(LEARNING_RATE, 'float32', []);
  const step = graph.input(STEP, 'float64', []);
  const optimized = graph.within('optimizer', () => applyOptimizer(optimizer, updates, { graph, learningRate, step }));
  const statistics = [...network.updates].filter(([name]) => !frozen(name));
  const averaged =
    averaging === undefined
      ? { next: [], slots: [] }
      : graph.within('averaging', () => {
          const trained = updates.map(({ name }) => [name, optimized.next.get(name)!] as const);
          return averageParameters(graph, new Map([...statistics, ...trained]), { decay: averaging, step });
        });
  const next = new Map<string, Value>([...statistics, ...optimized.next, ...averaged.next]);
  const marked = (value: Value): Value => markOutput(graph, value);
  return {
    graph,
    network,
    loss: marked(loss),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, marked(value)])),
    next: new Map([...next].map(([name, value]) => [name, marked(value).name])),
    slots: new Map([...optimized.slots, ...averaged.slots]),
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
