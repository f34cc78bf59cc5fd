/**
 * @file The random-direction gradient check (the idea of HIPS/autograd's test_util): for directions u in input space
 * and v in output space, the derivative <u, vjp(v)> must equal the difference quotient of t -> <v, f(x + t u)> at 0.
 * The cost is a handful of forward passes whatever the sizes, and one number decides.
 *
 * The quotient is the five-point one, (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h, whose own error is h^4 f'''''/30
 * plus 1.5 eps |f| / h by rounding. Both are equal in size at h = eps^(1/5), where they are eps^(4/5): 3e-13 in
 * float64 and 3e-6 in float32. Functions of degree four and less along a line, convolution among them, have no error
 * of the first kind, so that any step will do for them.
 */
import { gradients } from '../autodiff/gradients.ts';
import { Graph } from '../graph/graph.ts';
import { tensor, type Tensor } from '../graph/tensor.ts';
import type { AnyNode, Value } from '../graph/value.ts';
import { Random } from '../random.ts';
import { createSession, type Session } from '../runtime/session.ts';

/** A function to check, at a point. */
export interface GradientCheck {
  /** The point. Float inputs are varied; others are fed as they are. All floats must have one type. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** Builds the function; only its float results count. */
  readonly build: (graph: Graph, inputs: Readonly<Record<string, Value>>) => Value | readonly Value[];
  /** Inputs that stay fixed although they are floats, e.g. the boundaries of Clip. */
  readonly fixed?: readonly string[];
  readonly seed?: number;
  /** How many pairs of directions to try; default 2. */
  readonly directions?: number;
  /** The step of the quotient; default eps^(1/5): 7e-4 in float64, 0.04 in float32. Kinks must be further than 2 steps. */
  readonly step?: number;
}

type Float = Tensor<'float32' | 'float64'>;
const epsilon = { float32: 2 ** -24, float64: 2 ** -53 };

/** What the error of either number may be, in units of its scale: eps^(4/5) of the type with room for curvature. */
const tolerance = { float32: 16 * epsilon.float32 ** 0.8, float64: 1e-9 };

/**
 * Checks the gradients of all float inputs together, along seeded random directions.
 * @throws Error with the operators, shapes, attributes, the seed and both numbers when they differ
 */
export async function checkGradient(check: GradientCheck): Promise<void> {
  const { seed = 1, directions = 2 } = check;
  const varied = Object.entries(check.inputs).filter((entry): entry is [string, Float] => {
    return isFloat(entry[1]) && check.fixed?.includes(entry[0]) !== true;
  });
  const { graph, outputs, parameters, forwardNodes } = assemble(check, varied);
  const session = await createSession(graph);
  try {
    for (let direction = 0; direction < directions; direction += 1) {
      const pair = await compare(session, check, varied, outputs, parameters, Random.of(seed, 'direction', direction));
      if (Math.abs(pair.derivative - pair.quotient) <= pair.allowed) continue;
      throw new Error(failure(pair, forwardNodes, `seed ${seed}, direction ${direction}`));
    }
  } finally {
    await session.release();
  }
}

/** The function, its float results weighted by fed directions into a loss, and the gradients of that loss. */
function assemble(check: GradientCheck, varied: readonly [string, Float][]) {
  const graph = new Graph();
  const inputs = Object.fromEntries(
    Object.entries(check.inputs).map(([name, { type, shape }]) => [name, graph.input(name, type, shape)]),
  );
  const built = check.build(graph, inputs);
  const forwardNodes = [...graph.nodes];
  const results = (Array.isArray(built) ? (built as readonly Value[]) : [built as Value]).filter(isFloat);
  const outputs = results.map((value, index) => graph.output(value, `result ${index}`));
  const weighted = results.map((value, index) => {
    const weights = graph.input(`weights ${index}`, value.type, value.shape);
    return graph.op('ReduceSum', [graph.op('Mul', [value, weights]), undefined], { keepdims: 0 });
  });
  const loss = weighted.reduce((a, b) => graph.op('Add', [a, b]));
  const found = gradients(
    graph,
    loss,
    varied.map(([name]) => inputs[name]!),
  );
  const parameters = varied.filter(([name]) => found.has(inputs[name]!)).map(([name]) => name);
  for (const name of parameters) graph.output(found.get(inputs[name]!)!, `gradient ${name}`);
  return { graph, outputs, parameters, forwardNodes };
}

interface Pair {
  readonly derivative: number;
  readonly quotient: number;
  readonly allowed: number;
}

async function compare(
  session: Session,
  check: GradientCheck,
  varied: readonly [string, Float][],
  outputs: readonly Value[],
  parameters: readonly string[],
  random: Random,
): Promise<Pair> {
  const type = varied[0]![1].type;
  const step = check.step ?? epsilon[type] ** 0.2;
  const along = new Map(varied.map(([name, { shape }]) => [name, directionOf(type, shape, random)]));
  const weights = outputs.map((output, index): [string, Float] => {
    return [`weights ${index}`, directionOf(output.type as typeof type, output.shape as number[], random)];
  });
  const at = async (t: number): Promise<Record<string, Tensor>> => {
    const moved = varied.map(([name, point]): [string, Tensor] => [name, displaced(point, along.get(name)!, t)]);
    return session.run({ ...check.inputs, ...Object.fromEntries([...moved, ...weights]) });
  };
  const value = (results: Record<string, Tensor>): number =>
    weights.reduce((sum, [, weight], index) => sum + dot(results[`result ${index}`]!, weight), 0);

  const here = await at(0);
  const [one, minusOne, two, minusTwo] = [await at(step), await at(-step), await at(2 * step), await at(-2 * step)];
  const quotient = (8 * (value(one) - value(minusOne)) - (value(two) - value(minusTwo))) / (12 * step);
  const derivative = parameters.reduce((sum, name) => sum + dot(here[`gradient ${name}`]!, along.get(name)!), 0);
  // Rounding errors are independent: they add up like the root of the sum of squares of what is summed.
  const slopes = parameters.map((name) => norm(here[`gradient ${name}`]!, along.get(name)!));
  const heights = weights.map(([, weight], index) => norm(here[`result ${index}`]!, weight));
  const rounding = (1.5 * epsilon[type] * 4 * Math.hypot(...heights)) / step;
  return { derivative, quotient, allowed: tolerance[type] * Math.hypot(...slopes) + rounding };
}

/** Numbers of either sign between 0.5 and 1: large enough to matter everywhere, small enough to stay near. */
function directionOf(type: 'float32' | 'float64', shape: readonly number[], random: Random): Float {
  const result = tensor(type, shape);
  for (let i = 0; i < result.data.length; i += 1) {
    result.data[i] = random.uniform(0.5, 1) * (random.chance(0.5) ? 1 : -1);
  }
  return result;
}

function displaced(point: Float, direction: Float, t: number): Tensor {
  const result = tensor(point.type, point.shape);
  result.data.forEach((_, i) => (result.data[i] = point.data[i]! + t * direction.data[i]!));
  return result;
}

function dot(a: Tensor, b: Tensor): number {
  return Array.from(a.data, Number).reduce((sum, x, i) => sum + x * Number(b.data[i]), 0);
}

/** The root of the sum of the squares of the products. */
function norm(a: Tensor, b: Tensor): number {
  return Math.sqrt(Array.from(a.data, Number).reduce((sum, x, i) => sum + (x * Number(b.data[i])) ** 2, 0));
}

function isFloat({ type }: { readonly type: Tensor['type'] }): boolean {
  return type === 'float32' || type === 'float64';
}

function failure({ derivative, quotient, allowed }: Pair, nodes: readonly AnyNode[], where: string): string {
  const built = nodes.map(({ type, inputs, attributes }) => {
    const operands = inputs.map((value) => (value === undefined ? '-' : `${value.type} [${value.shape.join(', ')}]`));
    return `  ${type}(${operands.join(', ')}) ${JSON.stringify(attributes)}`;
  });
  const off = Math.abs(derivative - quotient);
  return [
    `the gradient is wrong along a random direction (${where}):`,
    ...built,
    `  by its rule ${derivative}, by differences ${quotient}: off by ${off}, ${allowed} allowed`,
  ].join('\n');
}
