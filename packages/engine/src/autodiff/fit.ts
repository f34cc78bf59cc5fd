import type { Value } from '../graph/value.ts';
import { sizesOf, type Build } from '../rules/build.ts';

/**
 * A gradient in the shape of its value. Where the forward operator broadcast the value, the gradient is summed over
 * the axes that were repeated; where a rule left an axis at size 1, it is repeated. The only place that knows of
 * broadcasting.
 */
export function fit(build: Build, gradient: Value, value: Value): Value {
  const wanted = sizesOf(value);
  const given = sizesOf(gradient);
  const extra = given.length - wanted.length;
  const repeated = given
    .map((_, axis) => axis)
    .filter((axis) => axis < extra || (wanted[axis - extra] === 1 && given[axis] !== 1));
  const summed = build.sum(gradient, repeated);
  const kept = given.map((size, axis) => (repeated.includes(axis) ? 1 : size)).slice(Math.max(extra, 0));
  const reshaped = extra > 0 ? build.reshape(summed, kept) : summed;
  const fits = kept.length === wanted.length && kept.every((size, axis) => size === wanted[axis]);
  return fits ? reshaped : build.expand(reshaped, wanted);
}
