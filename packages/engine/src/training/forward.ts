import { Graph } from '../graph/graph.ts';
import { expectTensor, type Tensor, type TensorMap } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { ParameterSpec } from '../layers/initializers.ts';
import { Network } from '../layers/network.ts';
import { createSession, type Named, type Session, type SessionOptions } from '../runtime/session.ts';

export interface ForwardDefinition {
  /** Builds the network and names its outputs. The batch may be symbolic: `network.graph.input('x', 'float32', ['N', 3])`. */
  readonly build: (network: Network) => Readonly<Record<string, Value>>;
}

export interface ForwardOptions extends ForwardDefinition {
  /** `inputs` (default): given at each run, so that one session follows a training. Or numbers to build in. */
  readonly parameters?: 'inputs' | TensorMap;
  readonly session?: SessionOptions;
}

/**
 * The graph of a network for evaluation, parameters built in as constants: what is exported.
 * @throws EngineError SHAPE_MISMATCH; INVALID_ARGUMENT when a parameter is missing or of another shape
 */
export function buildForward({ build, parameters }: ForwardDefinition & { readonly parameters: TensorMap }): Graph {
  return evaluationNetwork(build, parameters).graph;
}

/** Loads a network for evaluation. @throws EngineError SHAPE_MISMATCH, INVALID_ARGUMENT, RUNTIME */
export async function compileForward({ build, parameters = 'inputs', session }: ForwardOptions): Promise<Forward> {
  const { graph, specs } = evaluationNetwork(build, parameters === 'inputs' ? undefined : parameters);
  return new Forward(parameters === 'inputs' ? specs : [], await createSession(graph, session));
}

/** A network that evaluates: batch norm by its running statistics, no dropout. */
export class Forward {
  /** The parameters that each run needs; none when they are built in. */
  readonly specs: readonly ParameterSpec[];
  readonly #session: Session;

  constructor(specs: readonly ParameterSpec[], session: Session) {
    this.specs = specs;
    this.#session = session;
  }

  /**
   * @param parameters numbers by name, e.g. `step.parameters()`; more than needed is fine
   * @returns the outputs that `build` named
   * @throws EngineError INVALID_ARGUMENT naming what is missing or does not fit; RUNTIME
   */
  async run(feeds: Named, parameters: TensorMap = new Map()): Promise<Record<string, Tensor>> {
    const needed = this.specs.map(
      ({ name, shape }) => [name, expectTensor(parameters, name, 'float32', shape)] as const,
    );
    return this.#session.run({ ...feeds, ...Object.fromEntries(needed) });
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function evaluationNetwork(build: ForwardDefinition['build'], parameters?: TensorMap): Network {
  const network = new Network(new Graph(), { training: false, ...(parameters === undefined ? {} : { parameters }) });
  for (const [name, value] of Object.entries(build(network))) network.graph.output(value, name);
  return network;
}
