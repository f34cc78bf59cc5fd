/** @file Start values of parameters, PyTorch's defaults. */
import { tensor, type Tensor } from '../graph/tensor.ts';
import { Random } from '../random.ts';

/** Gives one start value after the other. */
export type Initializer = (random: Random) => number;

/** What is known of a parameter before it has numbers. */
export interface ParameterSpec {
  /** As in a PyTorch state dict, e.g. `layer1.0.conv1.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** False for running statistics, which the forward pass itself moves. */
  readonly trainable: boolean;
  /** Whether weight decay acts on it. */
  readonly decay: boolean;
}

export function filled(value: number): Initializer {
  return () => value;
}

/** Uniform in [-bound, bound). */
export function uniform(bound: number): Initializer {
  return (random) => random.uniform(-bound, bound);
}

/** Normal deviates around 0. */
export function normal(deviation: number): Initializer {
  return (random) => random.normal(0, deviation);
}

/**
 * Uniform with the bound 1 / sqrt(fanIn): what PyTorch's layers do with `kaiming_uniform_(a=sqrt(5))` for weights
 * (He et al. 2015, "Delving deep into rectifiers", section 2.2) and for biases.
 * @param fanIn inputs that one output sums over
 */
export function kaimingUniform(fanIn: number): Initializer {
  return uniform(1 / Math.sqrt(fanIn));
}

/** Start values by name. Each parameter has a random stream of its own: adding a layer changes no other. */
export function initialise(specs: Iterable<ParameterSpec>, seed: number | string): Map<string, Tensor> {
  const result = new Map<string, Tensor>();
  for (const { name, shape, initializer } of specs) {
    const random = Random.of(seed, 'parameter', name);
    const values = tensor('float32', shape);
    for (let i = 0; i < values.data.length; i += 1) values.data[i] = initializer(random);
    result.set(name, values);
  }
  return result;
}
