import type { Dimension } from '../graph/value.ts';
import {
  axesOf,
  axisOf,
  expectCounts,
  expectOneType,
  integersOf,
  mismatch,
  operand,
  type InferenceTable,
} from './application.ts';
import { broadcast, printed, product, quotient, sum, unify } from './dimension.ts';

export const rearrangement = {
  // 0 keeps the size at its position, -1 takes what is left.
  Reshape: (node) => {
    expectCounts(node, 2);
    const { type, shape } = operand(node, 0);
    const wanted = integersOf(node, 1, 'the shape');
    const sizes = wanted.map((size, axis): Dimension => {
      if (size < -1) mismatch(node, `${size} is not a size`);
      return size === 0 ? (shape[axis] ?? mismatch(node, `0 at position ${axis} has no size to keep`)) : size;
    });
    const open = sizes.indexOf(-1);
    if (open >= 0) {
      if (sizes.lastIndexOf(-1) !== open) mismatch(node, 'only one size may be -1');
      const rest = sizes.filter((_, axis) => axis !== open);
      sizes[open] =
        quotient(shape, rest) ?? mismatch(node, `${product(shape)} elements do not divide by ${product(rest)}`);
    }
    const [before, after] = [product(shape), product(sizes)];
    if (unify(before, after) === undefined) {
      mismatch(node, `${before} elements do not fill ${printed(sizes)}`);
    }
    return [{ type, shape: sizes }];
  },
  // Two dimensions: all before `axis`, all from it on.
  Flatten: (node) => {
    expectCounts(node, 1);
    const { type, shape } = operand(node, 0);
    const rank = shape.length;
    const axis = node.attributes.axis ?? 1;
    const split = axis === rank ? rank : axisOf(node, axis, rank);
    return [{ type, shape: [product(shape.slice(0, split)), product(shape.slice(split))] }];
  },
  Transpose: (node) => {
    expectCounts(node, 1);
    const { type, shape } = operand(node, 0);
    const { perm } = node.attributes;
    const complete = perm.length === shape.length && [...perm].sort((a, b) => a - b).every((x, index) => x === index);
    if (!complete) mismatch(node, `perm [${perm.join(', ')}] must name each of ${shape.length} axes once`);
    return [{ type, shape: perm.map((axis) => shape[axis]!) }];
  },
  // Without axes: every dimension of size 1 goes.
  Squeeze: (node) => {
    expectCounts(node, 2);
    const { type, shape } = operand(node, 0);
    if (node.inputs[1] === undefined) {
      if (shape.some((size) => typeof size === 'string')) mismatch(node, 'a shape with names needs axes');
      return [{ type, shape: shape.filter((size) => size !== 1) }];
    }
    const axes = axesOf(node, integersOf(node, 1, 'the axes'), shape.length);
    for (const axis of axes) {
      if (unify(shape[axis]!, 1) === undefined) mismatch(node, `axis ${axis} has size ${shape[axis]}, not 1`);
    }
    return [{ type, shape: shape.filter((_, axis) => !axes.includes(axis)) }];
  },
  // Axes are positions in the result.
  Unsqueeze: (node) => {
    expectCounts(node, 2);
    const { type, shape } = operand(node, 0);
    const listed = integersOf(node, 1, 'the axes');
    const rank = shape.length + listed.length;
    const axes = axesOf(node, listed, rank);
    const rest = [...shape];
    return [{ type, shape: Array.from({ length: rank }, (_, at) => (axes.includes(at) ? 1 : rest.shift()!)) }];
  },
  Expand: (node) => {
    expectCounts(node, 2);
    const { type, shape } = operand(node, 0);
    const wanted = integersOf(node, 1, 'the shape');
    return [
      {
        type,
        shape: broadcast(shape, wanted) ?? mismatch(node, `${printed(shape)} and ${printed(wanted)} do not broadcast`),
      },
    ];
  },
  Concat: (node) => {
    expectCounts(node, Infinity);
    if (node.inputs.length === 0) mismatch(node, 'takes at least one input');
    const values = node.inputs.map((_, index) => operand(node, index));
    const type = expectOneType(node, values);
    const { length: rank } = values[0]!.shape;
    if (values.some(({ shape }) => shape.length !== rank)) mismatch(node, 'operands must have the same rank');
    const joined = axisOf(node, node.attributes.axis, rank);
    const shape = values[0]!.shape.map((_, axis): Dimension => {
      const sizes = values.map((value) => value.shape[axis]!);
      if (axis === joined) return sum(sizes);
      return sizes.reduce((a, b) => unify(a, b) ?? mismatch(node, `axis ${axis} has the sizes ${a} and ${b}`));
    });
    return [{ type, shape }];
  },
  Split: (node) => {
    expectCounts(node, 2, Infinity);
    const { type, shape } = operand(node, 0);
    const axis = axisOf(node, node.attributes.axis ?? 0, shape.length);
    const sizes = integersOf(node, 1, 'the sizes');
    if (sizes.length !== node.count) mismatch(node, `${sizes.length} sizes for ${node.count} outputs`);
    const total = sizes.reduce((a, b) => a + b, 0);
    if (sizes.some((size) => size < 0) || unify(shape[axis]!, total) === undefined) {
      mismatch(node, `the sizes [${sizes.join(', ')}] do not add up to ${shape[axis]}`);
    }
    return sizes.map((size) => ({ type, shape: shape.map((old, at) => (at === axis ? size : old)) }));
  },
} satisfies Partial<InferenceTable>;
