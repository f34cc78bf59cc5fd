import { expect, test } from 'vitest';
import { floats } from '../../src/graph/tensor.ts';
import { expectClose, largestDifference } from '../../src/testing/closeness.ts';

test('differences are relative to the element, or to the typical element where that is larger', () => {
  // Root mean square of [3, 4, 0, 0] is 2.5.
  expect(largestDifference([3, 4, 0, 0.05], [3, 4, 0, 0]).relative).toBeCloseTo(0.02, 12);
  expect(largestDifference([3, 4.4, 0, 0], [3, 4, 0, 0])).toMatchObject({ index: 1, actual: 4.4, expected: 4 });
  expect(largestDifference([3, 4.4, 0, 0], [3, 4, 0, 0]).relative).toBeCloseTo(0.1, 12);
});

test('equal tensors of zeros do not differ', () => {
  expect(largestDifference([0, 0], [0, 0]).relative).toBe(0);
});

test('NaN and a number where none was expected are infinitely far', () => {
  expect(largestDifference([NaN, 1], [1, 1]).relative).toBe(Infinity);
  expect(largestDifference([1], [0]).relative).toBe(Infinity);
});

test('the failure names the element, both values and the tolerance', () => {
  const [a, b] = [floats([2], [1, 2.5]), floats([2], [1, 2])];
  expect(() => expectClose(a, b, 1e-3, 'gradient of w')).toThrow(
    'gradient of w: element 1 is 2.5, not 2: 2.50e-1 relative, 1e-3 allowed',
  );
  expect(() => expectClose(a, b, 0.3)).not.toThrow();
});

test('shapes must agree', () => {
  expect(() => expectClose(floats([2, 1], [1, 2]), floats([2], [1, 2]))).toThrow('the shape is [2, 1], not [2]');
});
