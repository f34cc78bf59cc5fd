import { floats, type Tensor } from '@busana/engine';
import { expectClose } from '@busana/engine/testing';
import { describe, expect, it } from 'vitest';
import { interpolatePositions } from '../../src/models/position-embeddings.ts';
import { drawn } from './drawn.ts';
import { fixture } from './originals.ts';

interface Positions {
  readonly width: number;
  /** Side of the learnt grid. */
  readonly old: number;
  readonly results: readonly { readonly special: number; readonly side: number; readonly values: readonly number[] }[];
}

const { width, old, results } = await fixture<Positions>('positions');

function learnt(special: number): Tensor {
  const tokens = special + old * old;
  return floats(
    [1, tokens, width],
    Array.from({ length: tokens * width }, (_, index) => drawn('positions')(index)),
  );
}

describe('the interpolation of position embeddings', () => {
  it.each(results)("gives timm's $side x $side grid after $special learnt tokens", ({ special, side, values }) => {
    const weights = new Map([['pos_embed', learnt(special)]]);
    const actual = interpolatePositions(weights, { special, side }).get('pos_embed')!;
    expectClose(actual, floats([1, special + side * side, width], values), 1e-5, 'positions');
  });

  it('leaves a grid of the right size, and weights without positions, as they are', () => {
    const weights = new Map([['pos_embed', learnt(1)]]);
    expect(interpolatePositions(weights, { special: 1, side: old })).toBe(weights);
    const none = new Map([['norm.weight', floats([1], [1])]]);
    expect(interpolatePositions(none, { special: 1, side: 7 })).toBe(none);
  });

  it('refuses positions that are no square', () => {
    const weights = new Map([['pos_embed', learnt(1)]]);
    expect(() => interpolatePositions(weights, { special: 2, side: 7 })).toThrow(/197 positions/);
  });
});
