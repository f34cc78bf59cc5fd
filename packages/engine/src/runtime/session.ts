import { availableParallelism } from 'node:os';
import { env, InferenceSession } from 'onnxruntime-node';
import { EngineError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import type { DataType, Tensor } from '../graph/tensor.ts';
import type { Shape } from '../graph/value.ts';
import { lower } from '../lowering/lower.ts';
import { orderForMemory } from '../passes/order.ts';
import { applyPasses, passes, type Pass } from '../passes/passes.ts';
import { modelMessage } from '../proto/encode.ts';
import { writeModelMessage } from '../proto/messages.ts';
import { blockSize } from './block-size.ts';
import { checkRun, expectAll } from './checks.ts';
import { expectDevice, type Device } from './devices.ts';
import { fromRuntime, isDataType, toRuntime } from './tensors.ts';
import { UNRETURNED, untilWritten, withoutReturn } from './unreturned.ts';

export interface SessionOptions {
  /** Threads within one operator, a whole number from 1; default: all cores. */
  readonly threads?: number;
  /** How far the runtime rewrites the graph; default `all`. */
  readonly optimization?: 'all' | 'extended' | 'basic' | 'none';
  /**
   * `blocked` (default) gives convolutions whose weights are fed the layout the processor is fastest with, and products
   * over many rows, as in transformers, their fastest forms. Other devices get the plain graph.
   */
  readonly layout?: 'blocked' | 'plain';
  /** Which passes make the lowered graph smaller; default: all. `[]` leaves it as it was written. */
  readonly passes?: readonly Pass[];
  /**
   * `planned` (default): from the second run on, all memory is one piece, laid out from what the first run took, on top
   * of that. `as needed`: pieces are taken and given back as a run goes, and outputs that nothing else needs are computed
   * as soon as they can be, which a training step needs far less with.
   */
  readonly memory?: 'planned' | 'as needed';
  /**
   * `returned` (default): a run gives tensors of its own for outputs that were not asked to be written somewhere.
   * `fetched`: each run says where every output is to be written, and nothing is copied; for graphs, not for bytes.
   */
  readonly outputs?: 'returned' | 'fetched';
  /** What computes; default `cpu`, which also takes over the operators that another device has no kernel for. */
  readonly device?: Device;
}

/** An input or output of a session. Sizes given by name may differ from run to run. */
export interface Port {
  readonly name: string;
  readonly type: DataType;
  readonly shape: Shape;
}

/** Tensors by the name of the input or output they belong to. */
export type Named = Readonly<Record<string, Tensor>>;

/** A graph loaded into the runtime. */
export class Session {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly #session: InferenceSession;
  /** The shapes in which the runtime writes outputs, where they may be others than those of the ports. */
  readonly #written: ReadonlyMap<string, readonly number[]>;
  readonly #everyOutput: Readonly<Record<string, null>>;
  /** Whether nothing is returned: every output is written where the caller says. */
  readonly #fetchesAll: boolean;
  #released = false;

  /** @param shapes of outputs, by name, that the runtime may give in others; the numbers are the same */
  constructor(session: InferenceSession, shapes: ReadonlyMap<string, readonly number[]> = new Map()) {
    this.#session = session;
    this.inputs = session.inputMetadata.map(portOf);
    const written = session.outputMetadata.filter(({ name }) => name !== UNRETURNED).map(portOf);
    this.#fetchesAll = written.length < session.outputMetadata.length;
    this.outputs = written.map((port) => ({ ...port, shape: shapes.get(port.name) ?? port.shape }));
    this.#written = new Map(
      written.filter(({ name }) => shapes.has(name)).map(({ name, shape }) => [name, shape as readonly number[]]),
    );
    this.#everyOutput = Object.fromEntries(session.outputMetadata.map(({ name }) => [name, null]));
  }

  /**
   * One run; all outputs are returned. An output named in `fetches` is written into that tensor, which is returned.
   * @throws EngineError INVALID_ARGUMENT naming feeds and fetches that do not fit, or outputs that nothing is fetched
   * for where each has to be; RUNTIME when the run fails
   */
  async run(feeds: Named, fetches: Named = {}): Promise<Record<string, Tensor>> {
    checkRun(this.inputs, this.outputs, feeds, fetches);
    if (this.#fetchesAll) expectAll(this.outputs, fetches);
    try {
      const targets = mapValues(fetches, (fetch, name) => toRuntime(fetch, this.#written.get(name)));
      const sources = mapValues(feeds, (feed) => toRuntime(feed));
      const run = this.#session.run(sources, { ...this.#everyOutput, ...targets });
      if (this.#fetchesAll) {
        await untilWritten(run);
        return { ...fetches };
      }
      const results = await run;
      return mapValues(results, (result, name) => fetches[name] ?? this.#shaped(fromRuntime(result), name));
    } catch (cause) {
      throw new EngineError('RUNTIME', `the runtime failed: ${messageOf(cause)}`, cause);
    }
  }

  #shaped(result: Tensor, name: string): Tensor {
    if (!this.#written.has(name)) return result;
    return { ...result, shape: this.outputs.find((output) => output.name === name)!.shape as readonly number[] };
  }

  /** Gives the memory back; the session is not usable afterwards. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await this.#session.release();
  }
}

/**
 * Loads a graph, which is lowered and encoded first, or the bytes of an ONNX model.
 * @throws EngineError INVALID_ARGUMENT for a number of threads that is none; DEVICE_UNAVAILABLE; RUNTIME when the
 * runtime refuses the model; what lowering and encoding raise
 */
export async function createSession(model: Graph | Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const { device = 'cpu', threads = availableParallelism() } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new EngineError('INVALID_ARGUMENT', `threads is a whole number from 1, not ${threads}`);
  }
  const bytes = model instanceof Graph ? await encoded(model, options) : model;
  // What goes wrong is raised and need not be printed as well.
  env.logLevel = 'fatal';
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(bytes, {
      executionProviders: [device],
      executionMode: 'sequential',
      graphOptimizationLevel: options.optimization === 'none' ? 'disabled' : (options.optimization ?? 'all'),
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      enableCpuMemArena: true,
      enableMemPattern: options.memory !== 'as needed',
      logSeverityLevel: 4,
      extra: { session: { force_spinning_stop: '1' } },
    });
  } catch (cause) {
    // Whether it is the device or the model that is at fault, another model tells.
    if (device !== 'cpu') await expectDevice(device);
    throw new EngineError('RUNTIME', `the runtime refused the model: ${messageOf(cause)}`, cause);
  }
  const outputs = model instanceof Graph ? model.outputs : [];
  const known = outputs.filter(({ shape }) => shape.every((size) => typeof size === 'number'));
  return new Session(session, new Map(known.map(({ name, shape }) => [name, shape as readonly number[]])));
}

async function encoded(graph: Graph, options: SessionOptions): Promise<Uint8Array> {
  const message = modelMessage(await prepareGraph(graph, options));
  return writeModelMessage(options.outputs === 'fetched' ? withoutReturn(message) : message);
}

/** The graph as a session with these options runs it. */
export async function prepareGraph(graph: Graph, options: SessionOptions = {}): Promise<Graph> {
  const passed = await applyPasses(await lowered(graph, options), options.passes ?? passes, (part) =>
    evaluate(part, {}, { passes: [] }),
  );
  return options.memory === 'as needed' ? orderForMemory(passed) : passed;
}

async function lowered(graph: Graph, { layout = 'blocked', device = 'cpu' }: SessionOptions): Promise<Graph> {
  if (layout === 'plain' || device !== 'cpu') return lower(graph);
  const block = await blockSize();
  return lower(graph, { rows: true, ...(block !== undefined && { block }) });
}

/** Runs a graph once, on one thread: for tests and small sums. */
export async function evaluate(
  graph: Graph,
  feeds: Named = {},
  options: SessionOptions = {},
): Promise<Record<string, Tensor>> {
  const session = await createSession(graph, { threads: 1, ...options });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

function portOf(metadata: InferenceSession.ValueMetadata): Port {
  if (!metadata.isTensor || !isDataType(metadata.type)) {
    const kind = metadata.isTensor ? metadata.type : 'not a tensor';
    throw new EngineError('RUNTIME', `'${metadata.name}' is of a type the engine does not hold: ${kind}`);
  }
  return { name: metadata.name, type: metadata.type, shape: metadata.shape };
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
