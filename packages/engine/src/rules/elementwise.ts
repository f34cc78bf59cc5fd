import type { Node, Value } from '../graph/value.ts';
import type { Build } from './build.ts';
import { constant, fromInput, fromOutput, linear, perInput, refuse, rule, type Rule, type RuleTable } from './rule.ts';

/** Constants as the formulas below name them. */
const rootOfTwo = Math.SQRT2;
const twoByRootOfPi = 2 / Math.sqrt(Math.PI);
const rootOfTwoByPi = Math.sqrt(2 / Math.PI);

/** Ties share the gradient evenly, as in PyTorch: dx_i = dy [x_i = y] / (number of inputs equal to y). */
const extremum: Rule<'Max' | 'Min'> = rule(
  { inputs: 'all', outputs: [0] },
  ({ node, build, input, output, gradientOfOutput, wanted }) => {
    const y = output(0);
    const hits = node.inputs.map((_, index) => build.cast(build.equal(input(index), y), y.type));
    const share = build.div(
      gradientOfOutput(0),
      hits.reduce((a, b) => build.add(a, b)),
    );
    return hits.map((hit, index) => (wanted(index) ? build.mul(share, hit) : undefined));
  },
);

/** The upper bound of a Clip that is a ReLU with one, such as ReLU6. */
function reluBound({ inputs: [, low, high] }: Node<'Clip'>): number | undefined {
  const [least, most] = [low, high].map((value) =>
    value?.constant === undefined ? NaN : Number(value.constant.data[0]),
  );
  return least === 0 && most! > 0 ? most : undefined;
}

/**
 * d (x Phi(x)) = Phi(x) + x phi(x) (Hendrycks and Gimpel 2016, section 2), in as few passes over x as there are operators
 * for: with u = x / sqrt 2, Phi(x) = erf(u) / 2 + 1 / 2 and x phi(x) = u exp(-log(pi) / 2 - u^2).
 */
function geluDerivative(x: Value, build: Build): Value {
  const u = build.mul(x, 1 / rootOfTwo);
  const distribution = build.graph.op('HardSigmoid', [build.graph.op('Erf', [u])], { alpha: 0.5, beta: 0.5 });
  const density = build.exp(build.sub(-Math.log(Math.PI) / 2, build.square(u)));
  return build.add(distribution, build.mul(u, density));
}

/** y = x (1 + t) / 2 with t = tanh(u), u = sqrt(2 / pi) (x + 0.044715 x^3): dy = (1 + t + x (1 - t^2) u') / 2 */
function tanhGeluDerivative(x: Value, build: Build): Value {
  const square = build.square(x);
  const u = build.mul(x, build.add(build.mul(square, 0.044715 * rootOfTwoByPi), rootOfTwoByPi));
  const slope = build.add(build.mul(square, 3 * 0.044715 * rootOfTwoByPi), rootOfTwoByPi);
  const t = build.graph.op('Tanh', [u]);
  const bend = build.mul(build.mul(x, build.sub(1, build.square(t))), slope);
  return build.mul(build.add(build.add(t, 1), bend), 0.5);
}

export const elementwise = {
  Add: rule({}, ({ node, gradientOfOutput }) => node.inputs.map(() => gradientOfOutput(0))),
  Sub: perInput(
    {},
    (_, dy) => dy,
    ({ build }, dy) => build.neg(dy),
  ),
  Mul: perInput(
    { inputs: [0, 1] },
    ({ build, input }, dy) => build.mul(dy, input(1)),
    ({ build, input }, dy) => build.mul(dy, input(0)),
  ),
  // y = a / b: da = dy / b, db = -dy y / b
  Div: perInput(
    { inputs: [1], outputs: [0] },
    ({ build, input }, dy) => build.div(dy, input(1)),
    ({ build, input, output }, dy) => build.neg(build.div(build.mul(dy, output(0)), input(1))),
  ),
  // y = x^p: dx = dy p x^(p-1), 0 where p = 0; dp = dy y log x, 0 where y = 0 (that is 0^p for p > 0), as in PyTorch.
  Pow: perInput(
    { inputs: [0, 1], outputs: [0] },
    ({ build, input }, dy) => {
      const exponent = build.cast(input(1), dy.type);
      if (exponent.constant?.data.every((value: number | bigint) => Number(value) === 2) === true) {
        return build.mul(dy, build.mul(input(0), 2));
      }
      const slope = build.mul(exponent, build.pow(input(0), build.sub(exponent, 1)));
      return build.mul(dy, build.where(build.equal(exponent, 0), 0, slope));
    },
    ({ build, input, output }, dy) => {
      const y = output(0);
      const logarithm = build.graph.op('Log', [build.where(build.equal(y, 0), 1, input(0))]);
      return build.mul(dy, build.mul(y, logarithm));
    },
  ),
  Max: extremum,
  Min: extremum,
  Neg: linear((dy, build) => build.neg(dy)),
  Abs: fromInput((dy, x, build) => build.mul(dy, build.graph.op('Sign', [x]))),
  Sign: constant('piecewise constant'),
  Floor: constant('piecewise constant'),
  Exp: fromOutput((dy, y, build) => build.mul(dy, y)),
  Log: fromInput((dy, x, build) => build.div(dy, x)),
  Sqrt: fromOutput((dy, y, build) => build.div(build.mul(dy, 0.5), y)),
  Reciprocal: fromOutput((dy, y, build) => build.neg(build.mul(dy, build.square(y)))),
  // d erf(x) = 2 / sqrt(pi) exp(-x^2)
  Erf: fromInput((dy, x, build) => build.mul(dy, build.mul(build.exp(build.neg(build.square(x))), twoByRootOfPi))),
  Tanh: fromOutput((dy, y, build) => build.mul(dy, build.sub(1, build.square(y)))),
  Sigmoid: fromOutput((dy, y, build) => build.mul(dy, build.mul(y, build.sub(1, y)))),
  // The slope is alpha strictly between 0 and 1.
  HardSigmoid: fromOutput((dy, y, build, { attributes }) =>
    build.graph.op('ReluGradient', [build.mul(dy, Math.fround(attributes.alpha ?? 0.2)), y], { upper: 1 }),
  ),
  // d log(1 + e^x) = sigmoid(x)
  Softplus: fromInput((dy, x, build) => build.mul(dy, build.graph.op('Sigmoid', [x]))),
  // 0 at x = 0, as everywhere.
  Relu: fromOutput((dy, y, build) => build.graph.op('ReluGradient', [dy, y])),
  Silu: rule({ inputs: [0], outputs: [0] }, ({ build, input, output, gradientOfOutput }) => [
    build.graph.op('SiluGradient', [gradientOfOutput(0), input(0), output(0)]),
  ]),
  SiluGradient: refuse('the gradient of a gradient'),
  ReluGradient: refuse('the gradient of a gradient'),
  // The slope at 0 is alpha, as in PyTorch.
  LeakyRelu: fromInput((dy, x, build, { attributes }) =>
    build.where(build.greater(x, 0), dy, build.mul(dy, Math.fround(attributes.alpha ?? 0.01))),
  ),
  Gelu: fromInput((dy, x, build, { attributes }) =>
    build.mul(dy, attributes.approximate === 'tanh' ? tanhGeluDerivative(x, build) : geluDerivative(x, build)),
  ),
  // 1 strictly between the bounds, 0 on them: ReLU6 then agrees with ReLU at 0, and with PyTorch's (hardtanh) at 0 and 6.
  Clip: rule({ inputs: [1, 2], outputs: [0] }, ({ node, build, input, output, gradientOfOutput, wanted }) => {
    const [dy, y] = [gradientOfOutput(0), output(0)];
    const inside = (): Value => {
      const upper = reluBound(node);
      if (upper !== undefined) return build.graph.op('ReluGradient', [dy, y], { upper });
      const above = node.inputs[1] === undefined ? [] : [build.greater(y, input(1))];
      const below = node.inputs[2] === undefined ? [] : [build.less(y, input(2))];
      const conditions = [...above, ...below];
      if (conditions.length === 0) return dy;
      const both = conditions.reduce((a, b) => build.graph.op('And', [a, b]));
      return build.mul(dy, build.cast(both, dy.type));
    };
    const at = (edge: 1 | 2): Value => build.where(build.equal(y, input(edge)), dy, 0);
    return [wanted(0) ? inside() : undefined, wanted(1) ? at(1) : undefined, wanted(2) ? at(2) : undefined];
  }),
  Identity: linear((dy) => dy),
  After: refuse('the gradient of a gradient'),
  KeepShape: refuse('it is made when a graph is lowered'),
  DequantizeLinear: refuse('it is made when a graph is lowered'),
  // To an integer type no gradient flows: the walk only follows floats.
  Cast: linear((dy, build, { inputs }) => build.cast(dy, inputs[0]!.type)),
} satisfies Partial<RuleTable>;
