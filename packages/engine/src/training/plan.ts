/** @file One ONNX graph that is a whole training step but for the update: forward, loss, gradients. */
import { gradients } from '../autodiff/gradients.ts';
import { EngineError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import type { Block, Value } from '../graph/value.ts';
import { Network } from '../layers/network.ts';
import type { Optimizer } from '../optim/transform.ts';

/** A parameter that the loss depends on and that is not frozen. */
export interface TrainedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay acts on it. */
  readonly decay: boolean;
  /** Name of the graph's output that holds its gradient. */
  readonly gradient: string;
}

/** A running statistic follows what a pass finds: it becomes kept x itself + fresh x the output. */
export interface FollowedStatistic {
  /** Name of the graph's output that holds what a pass found. */
  readonly output: string;
  readonly kept: number;
  readonly fresh: number;
}

export interface StepPlan {
  readonly graph: Graph;
  readonly network: Network;
  readonly loss: Value;
  readonly outputs: Readonly<Record<string, Value>>;
  readonly trained: readonly TrainedParameter[];
  /** By the name of the running statistic. */
  readonly statistics: ReadonlyMap<string, FollowedStatistic>;
}

export interface StepDefinition {
  /** Builds the network and its loss, float32 []. Inputs of its own are fed by the caller at each step. */
  readonly build: (network: Network) => { readonly loss: Value; readonly outputs?: Readonly<Record<string, Value>> };
  readonly optimizer: Optimizer;
  /** Parameters and running statistics that stay as they are, by name. Their gradients are not built. */
  readonly frozen?: (name: string) => boolean;
  /**
   * Whether the inside of the blocks that a network declares is computed again in the backward pass instead of kept:
   * the same numbers in less memory and more time; default false.
   */
  readonly recompute?: boolean;
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
export function planStep({
  build,
  frozen = () => false,
  recompute = false,
}: Pick<StepDefinition, 'build' | 'frozen' | 'recompute'>): StepPlan {
  const graph = new Graph();
  const network = new Network(graph, { training: true, frozen });
  const { loss, outputs = {} } = build(network);
  if (loss.type !== 'float32' || loss.shape.length > 0) {
    throw new EngineError('SHAPE_MISMATCH', `a loss is float32 [], not ${loss.type} [${loss.shape.join(', ')}]`);
  }
  const found = gradientsOf(network, loss, recompute ? network.blocks : []);
  const marked = (value: Value): Value => markOutput(graph, value);
  return {
    graph,
    network,
    loss: marked(loss),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, marked(value)])),
    trained: found.map(({ gradient, ...parameter }) => ({ ...parameter, gradient: marked(gradient).name })),
    statistics: new Map(
      [...network.observations]
        .filter(([name]) => !frozen(name))
        .map(([name, { newest, ...shares }]) => [name, { output: marked(newest).name, ...shares }]),
    ),
  };
}

type Found = Omit<TrainedParameter, 'gradient'> & { readonly gradient: Value };

function gradientsOf(network: Network, loss: Value, blocks: readonly Block[]): readonly Found[] {
  const trained = network.specs.filter(({ name, trainable }) => trainable && !network.frozen(name));
  const values = trained.map(({ name }) => network.parameters.get(name)!);
  const found = gradients(network.graph, loss, values, undefined, blocks);
  const parameters = trained.flatMap(({ name, shape, decay }, index) => {
    const gradient = found.get(values[index]!);
    return gradient === undefined ? [] : [{ name, shape, decay, gradient }];
  });
  if (parameters.length === 0)
    throw new EngineError('INVALID_GRAPH', 'the loss depends on no parameter that is trained');
  return parameters;
}

/** Every output is a node's and is written once: what is no node's, or an output already, is passed on by another. */
function markOutput(graph: Graph, value: Value): Value {
  const taken = [...graph.inputs, ...graph.constants, ...graph.outputs].includes(value);
  return graph.output(taken ? graph.op('Identity', [value]) : value);
}
