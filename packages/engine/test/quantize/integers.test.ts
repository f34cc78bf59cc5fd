import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floats } from '../../src/graph/tensor.ts';
import {
  activationScale,
  integerBias,
  integerWeights,
  realWeights,
  roundHalfToEven,
  scalesForBias,
} from '../../src/quantize/integers.ts';

describe('the uint8 form of a range', () => {
  it('has 255 steps from the least to the greatest value, and an integer for 0', () => {
    // (3 - -1) / 255, and -1 is 64 steps (63.75) below 0.
    expect(activationScale({ low: -1, high: 3 })).toEqual({ scale: Math.fround(4 / 255), zeroPoint: 64 });
    expect(activationScale({ low: 0, high: 6 })).toEqual({ scale: Math.fround(6 / 255), zeroPoint: 0 });
  });

  it('holds 0 even where no value was as small or as large', () => {
    expect(activationScale({ low: 2, high: 5.1 })).toEqual({ scale: Math.fround(5.1 / 255), zeroPoint: 0 });
    expect(activationScale({ low: -5.1, high: -2 })).toEqual({ scale: Math.fround(5.1 / 255), zeroPoint: 255 });
    expect(activationScale({ low: 0, high: 0 })).toEqual({ scale: 1, zeroPoint: 0 });
  });
});

describe('weights in int8', () => {
  it('are multiples of a scale per channel, the largest magnitude 127', () => {
    const { content, scales } = integerWeights(floats([2, 2], [1, -0.5, 100, 25]), { axis: 0, range: 'full' });
    expect([...scales]).toEqual([Math.fround(1 / 127), Math.fround(100 / 127)]);
    // -63.5 and 31.75; halves go to the even neighbour.
    expect([...content.data]).toEqual([127, -64, 127, 32]);
  });

  it('take their channels from the axis given', () => {
    const { scales, content } = integerWeights(floats([2, 2], [1, 100, -0.5, 25]), { axis: 1, range: 'full' });
    expect([...scales]).toEqual([Math.fround(1 / 127), Math.fround(100 / 127)]);
    expect([...content.data]).toEqual([127, 127, -64, 32]);
  });

  it('are told apart by a scale per channel where one for all rounds a channel away', () => {
    const skewed = floats([2, 3], [0.01, -0.02, 0.03, 10, -20, 30]);
    const errorOf = (perChannel: boolean): number => {
      const real = realWeights(integerWeights(skewed, { axis: 0, perChannel }));
      return Math.max(...[0, 1, 2].map((i) => Math.abs(real.data[i]! / skewed.data[i]! - 1)));
    };
    expect(errorOf(false)).toBe(1);
    expect(errorOf(true)).toBeLessThan(0.02);
  });

  it('never let two products with activations leave 16 bits, unless asked for the full range', () => {
    const weights = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -8, max: 8 }), { minLength: 2, maxLength: 12 }); // prettier-ignore
    const worst = (range: 'safe' | 'full', values: number[]): number => {
      const integers = [...integerWeights(floats([1, values.length], values), { axis: 0, range }).content.data];
      const pair = (sign: 1 | -1): number => {
        const [a = 0, b = 0] = integers.map((x) => Math.max(0, x * sign)).sort((x, y) => y - x);
        return 255 * (a + b);
      };
      return Math.max(pair(1), pair(-1));
    };
    fc.assert(fc.property(weights, (values) => worst('safe', values) <= 32767));
    expect(worst('full', [1, 1])).toBeGreaterThan(32767);
  });

  it('of a channel with one outlier keep all 8 bits for it', () => {
    expect([...integerWeights(floats([1, 3], [1, 0, -1]), { axis: 0 }).content.data]).toEqual([127, 0, -127]);
    expect([...integerWeights(floats([1, 3], [1, 1, 0]), { axis: 0 }).content.data]).toEqual([64, 64, 0]);
  });

  it('that are all 0 need no scale', () => {
    const { content, scales } = integerWeights(floats([1, 2], [0, 0]), { axis: 0 });
    expect([...content.data, ...scales]).toEqual([0, 0, 1]);
  });
});

describe('a bias in int32', () => {
  const input = { scale: 0.5, zeroPoint: 0 };

  it('is in units of input scale times weight scale', () => {
    const { content, scales } = integerBias(floats([2], [1, -3]), input, Float32Array.of(0.25, 0.5));
    expect([...scales]).toEqual([0.125, 0.25]);
    expect([...content.data]).toEqual([8, -12]);
  });

  it('raises the scale of a channel whose weights are next to nothing, so that it fits', () => {
    const bias = floats([1], [100]);
    const weights = integerWeights(floats([1, 1], [1e-12]), { axis: 0 }, scalesForBias(bias, input));
    const { content, scales } = integerBias(bias, input, weights.scales);
    expect(content.data[0]! * scales[0]!).toBeCloseTo(100, 4);
  });
});

it('halves are rounded to the even neighbour, as ONNX does', () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 0.49, 2.51].map((x) => roundHalfToEven(x) + 0)).toEqual([0, 2, 2, 0, -2, 0, 3]);
});
