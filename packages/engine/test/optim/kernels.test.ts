import { adamW, clipByGlobalNorm, EngineError, sgd, stateless, type Optimizer } from '@busana/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyOptimizer, divide, type Trained } from '../../src/optim/apply.ts';
import { Kernels } from '../../src/optim/kernels.ts';

const f = Math.fround;
const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: -8, max: 8 });
const factor = fc.float({ noNaN: true, min: -2, max: 2 });
/** Vectors of one length, not always of whole lanes. */
const vectors = (count: number): fc.Arbitrary<number[][]> =>
  fc
    .integer({ min: 0, max: 21 })
    .chain((length) =>
      fc.array(fc.array(number, { minLength: length, maxLength: length }), { minLength: count, maxLength: count }),
    );

/** The vectors in the memory of kernels, and one more behind them that nobody may write. */
function loaded(values: readonly (readonly number[])[]) {
  const { kernels, vectors } = Kernels.allocate([...values.map(({ length }) => length), 4]);
  values.forEach((each, index) => vectors[index]!.set(each));
  vectors.at(-1)!.fill(7);
  return { kernels, vectors, guard: vectors.at(-1)! };
}

describe('the loops of the optimizers', () => {
  it('scale, add and average as float32 does, number by number', () => {
    fc.assert(
      fc.property(vectors(2), factor, factor, ([u, x], by, other) => {
        const check = (
          run: (k: Kernels, a: Float32Array, b: Float32Array) => void,
          of: (a: number, b: number) => number,
        ) => {
          const { kernels, vectors, guard } = loaded([u!, x!]);
          run(kernels, vectors[0]!, vectors[1]!);
          expect([...vectors[0]!]).toEqual(u!.map((value, index) => of(f(value), f(x![index]!))));
          expect([...guard]).toEqual([7, 7, 7, 7]);
        };
        check(
          (k, a) => k.scale(a, by),
          (a) => f(a * by),
        );
        check(
          (k, a, b) => k.add(a, b, by),
          (a, b) => f(a + f(b * by)),
        );
        check(
          (k, a, b) => k.average(a, b, by, other),
          (a, b) => f(f(a * by) + f(b * other)),
        );
      }),
    );
  });

  it('keep momentum, in both forms', () => {
    fc.assert(
      fc.property(vectors(2), factor, fc.boolean(), ([u, b], momentum, nesterov) => {
        const { kernels, vectors } = loaded([u!, b!]);
        kernels.trace(vectors[0]!, vectors[1]!, momentum, nesterov);
        const buffers = u!.map((value, index) => f(f(f(b![index]!) * momentum) + f(value)));
        expect([...vectors[1]!]).toEqual(buffers);
        const ahead = (value: number, index: number): number => f(f(value) + f(buffers[index]! * momentum));
        expect([...vectors[0]!]).toEqual(nesterov ? u!.map(ahead) : buffers);
      }),
    );
  });

  it('keep the moments of Adam', () => {
    const [beta1, beta2, epsilon, correction1, root2] = [0.9, 0.999, 1e-8, 0.19, 0.05].map(f) as [
      number,
      number,
      number,
      number,
      number,
    ];
    fc.assert(
      fc.property(vectors(3), ([u, m, v]) => {
        const { kernels, vectors } = loaded([u!, m!, v!.map(Math.abs)]);
        kernels.adam(vectors[0]!, vectors[1]!, vectors[2]!, { beta1, beta2, epsilon, correction1, root2 });
        const first = u!.map((g, at) => f(f(f(m![at]!) * beta1) + f(f(g) * f(1 - beta1))));
        const second = u!.map((g, at) => f(f(f(Math.abs(v![at]!)) * beta2) + f(f(f(g) * f(g)) * f(1 - beta2))));
        const update = first.map((value, at) =>
          f(value / f(f(f(f(Math.sqrt(second[at]!)) / root2) + epsilon) * correction1)),
        );
        expect([...vectors[1]!]).toEqual(first);
        expect([...vectors[2]!]).toEqual(second);
        expect([...vectors[0]!]).toEqual(update);
      }),
    );
  });

  it('add up squares in float64', () => {
    const { kernels, vectors } = loaded([[1e-2, ...new Array<number>(20).fill(3000)]]);
    const expected = [...vectors[0]!].reduce((sum, value) => sum + value * value, 0);
    expect(kernels.sumOfSquares(vectors[0]!)).toBeCloseTo(expected, 6);
    // In float32 the first number would be lost.
    expect(kernels.sumOfSquares(vectors[0]!)).not.toBe(20 * 9e6);
  });

  it('refuse more than 32 bits address', () => {
    expect(() => Kernels.allocate([2 ** 29, 2 ** 29])).toThrow(EngineError);
    expect(() => Kernels.allocate([2 ** 29, 2 ** 29])).toThrow('need 4.0 GiB, and 4 are the most');
  });
});

/** Parameters of the given lengths, gradient 1 / (index + 1), and an update of them all. */
function updated(optimizer: Optimizer, lengths: readonly number[]): readonly Float32Array[] {
  const kept = optimizer.flatMap(({ slots }) => slots).length;
  const { kernels, vectors } = Kernels.allocate(lengths.flatMap((length) => new Array<number>(2 + kept).fill(length)));
  const trained = lengths.map((_, index): Trained => {
    const [parameter, gradient, ...rest] = vectors.slice(index * (2 + kept), (index + 1) * (2 + kept));
    gradient!.forEach((_, at) => (gradient![at] = 1 / (at + 1)));
    const slots = optimizer.map((transform) =>
      Object.fromEntries(transform.slots.map((slot) => [slot, rest.shift()!])),
    );
    return { name: `p${index}`, decay: true, parameter: parameter!, gradient: gradient!, slots };
  });
  applyOptimizer(kernels, optimizer, divide(trained), { learningRate: 0.5, step: 1 });
  return trained.map(({ parameter }) => parameter);
}

describe('a chain of transforms', () => {
  it('works piece by piece as on the whole', () => {
    for (const length of [1, 4095, 4096, 4097, 9001]) {
      const [parameter] = updated(sgd({ momentum: 0.9 }), [length]);
      expect([...parameter!]).toEqual(Array.from({ length }, (_, at) => f(-f(f(1 / (at + 1)) * 0.5))));
      const moved = updated(adamW({ weightDecay: 0 }), [length])[0]!;
      // The first step of Adam is the learning rate, whatever the gradient.
      for (const value of moved) expect(value).toBeCloseTo(-0.5, 4);
    }
  });

  it('comes to a transform that sees all updates with what was made of them before', () => {
    const seen: number[] = [];
    const doubled = stateless(({ update }, { kernels }) => kernels.scale(update, 2));
    const watched: Optimizer = [
      doubled,
      {
        slots: [],
        seesAll: true,
        begin({ updates }) {
          seen.push(...updates.map((update) => update[0]!));
          return () => undefined;
        },
      },
    ];
    const [first, second] = updated(watched, [5000, 3]);
    expect(seen).toEqual([2, 2]);
    expect([first![0], second![2]]).toEqual([-2, f(-2 / 3)]);
  });

  it('cuts all updates by their common norm', () => {
    const [first, second] = updated([clipByGlobalNorm(1)], [1, 1]);
    expect(first![0]).toBeCloseTo(-Math.SQRT1_2, 5);
    expect(second![0]).toBeCloseTo(-Math.SQRT1_2, 5);
  });
});
