/** @file What becomes of the tensors of a weights file, and what is said about them. */
import { BusanaError } from '@busana/contracts';
import { floats, type ParameterSpec, type Tensor } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { cnn } from '../../src/models/cnn.ts';
import type { Architecture } from '../../src/models/definition.ts';
import { fitWeights } from '../../src/weights/fit.ts';

const toy: Architecture = {
  ...cnn,
  name: 'toy',
  classifiers: ['fc'],
  officialName: (name) => name.replace('stem_', 'stem.'),
};

const spec = (name: string, shape: readonly number[]): ParameterSpec => {
  return { name, shape, initializer: () => 0, trainable: true, decay: false };
};
const specs = [spec('stem.weight', [2, 2]), spec('stem.bias', [2]), spec('block.attention.weight', [2])];

const numbers = (...shape: number[]): Tensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  return floats(
    shape,
    Array.from({ length: count }, (_, index) => index),
  );
};
const complete = { stem_weight: numbers(2, 2), 'stem.bias': numbers(2), 'block.attention.weight': numbers(2) };

const fitted = (file: Readonly<Record<string, Tensor>>, head: 'original' | 'replaced' = 'replaced') =>
  fitWeights(toy, new Map(Object.entries(file)), { specs, imageSize: 32, head });

function refused(file: Readonly<Record<string, Tensor>>): BusanaError {
  try {
    fitted(file);
  } catch (error) {
    if (error instanceof BusanaError) return error;
  }
  throw new Error('was not refused');
}

describe('weights brought to an architecture', () => {
  it('take the names they have here', () => {
    const { tensors, notes } = fitted(complete, 'original');
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['stem.weight', [2, 2]],
      ['stem.bias', [2]],
      ['block.attention.weight', [2]],
    ]);
    expect(tensors.get('stem.weight')!.data).toEqual(Float32Array.of(0, 1, 2, 3));
    expect(notes).toEqual([]);
  });

  it('lose their classifier on purpose, which is said with its size', () => {
    const { tensors, notes } = fitted({ ...complete, 'fc.weight': numbers(5, 2), 'fc.bias': numbers(5) });
    expect([...tensors.keys()]).not.toContain('fc.weight');
    expect(notes).toEqual(['pretrained toy; its classifier (fc.weight, fc.bias: 15 numbers) is replaced by new heads']);
    expect(fitted(complete).notes).toEqual(['the weights are a backbone of toy without a classifier']);
  });

  it('from a model of our own lose its heads, and its constants are nothing to speak of', () => {
    const own = { 'heads.jenis.weight': numbers(2, 2), 'normalise/constant_0': numbers(3), constant_12: numbers(1) };
    expect(fitted({ ...complete, ...own }).notes).toEqual([
      'pretrained toy; its classifier (heads.jenis.weight: 4 numbers) is replaced by new heads',
    ]);
  });

  it('may hold more, which is listed', () => {
    expect(fitted({ ...complete, 'tail.weight': numbers(1) }).notes[1]).toBe(
      'the weights file holds more than toy uses: tail.weight',
    );
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`tail.${index}`, numbers(1)]));
    expect(fitted({ ...complete, ...many }).notes[1]).toMatch(/tail\.7 and 2 more$/);
  });

  it('may be without attention, which then starts at random', () => {
    const { tensors, notes } = fitted({ stem_weight: numbers(2, 2), 'stem.bias': numbers(2) });
    expect(tensors.size).toBe(2);
    expect(notes).toContain('the weights are without attention, which starts at random: block.attention.weight');
  });

  it('are refused with every tensor that is missing or of another shape, by name', () => {
    const error = refused({ 'stem.bias': numbers(3), other: numbers(1) });
    expect(error.code).toBe('WEIGHTS_INVALID');
    expect(error.message).toBe(
      'the weights do not fit toy; missing: stem.weight; of another shape: stem.bias [3] instead of [2]; the file holds stem.bias, other',
    );
    expect(refused({ ...complete, 'stem.bias': numbers(1, 2) }).message).toBe(
      'the weights do not fit toy; of another shape: stem.bias [1, 2] instead of [2]',
    );
  });
});
