import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/graph.ts';
import {
  chosenForm,
  formsOf,
  modelledForm,
  nameOfShape,
  type FormTable,
  type WeightGradientShape,
} from '../../src/lowering/blocked/weight-gradient-forms.ts';
import { lower } from '../../src/lowering/lower.ts';
import { blockSize } from '../../src/runtime/block-size.ts';
import { evaluate } from '../../src/runtime/session.ts';
import { expectClose } from '../../src/testing/closeness.ts';
import { runIn, spreadOut } from './blocked.ts';

const block = (await blockSize())!;

function product(images: number, channels: number, filters: number, size: number): WeightGradientShape {
  const [kernel, outputSizes] = [[1, 1] as const, [size, size] as const];
  return { images, channels, filters, kernel, strides: kernel, outputSizes, isProduct: true };
}

function dense(images: number, channels: number, filters: number, size: number): WeightGradientShape {
  return { ...product(images, channels, filters, size), kernel: [3, 3], isProduct: false };
}

describe('the model of what forms cost', () => {
  // The fastest as measured on the machine of results/2026-11-25-convolution-step.md, for layers of ResNet-50.
  it.each([
    [product(16, 64, 64, 56), 'products'],
    [product(16, 64, 256, 56), 'images'],
    [product(16, 512, 128, 28), 'images'],
    [product(16, 1024, 256, 14), 'places'],
    [product(16, 512, 2048, 7), 'places'],
    [dense(16, 64, 64, 56), 'bands 28'],
    [dense(16, 128, 128, 28), 'bands 7'],
    [dense(16, 256, 256, 14), 'bands 2'],
    [dense(16, 512, 512, 7), 'bands 1'],
  ] as const)('finds the fastest form of %o', (shape, form) => {
    expect(modelledForm(shape, 16)).toBe(form);
  });

  it('offers only what fits: places in whole blocks, bands of equal size, images in whole blocks', () => {
    expect(formsOf(product(16, 64, 64, 7), 16)).toEqual(['products', 'joined', 'places']);
    expect(formsOf(product(3, 64, 64, 7), 16)).toEqual(['products', 'joined']);
    expect(formsOf(product(1, 64, 64, 7), 16)).toEqual(['products']);
    expect(formsOf(dense(16, 64, 64, 6), 16)).toEqual(['bands 1', 'bands 2', 'bands 3', 'bands 6']);
    expect(formsOf(dense(8, 64, 64, 6), 16)).toEqual(['bands 1', 'bands 2', 'bands 6']);
    expect(formsOf(dense(3, 64, 64, 6), 16)).toEqual(['bands 1']);
  });
});

describe('the table', () => {
  const shape = product(16, 64, 64, 56);
  const name = nameOfShape(shape);

  it('is believed where it has the shape, for the block size at hand', () => {
    expect(name).toBe('16 64 64 1x1 1x1 56x56');
    expect(chosenForm(shape, 16, { 16: { [name]: 'places' } })).toBe('places');
    expect(chosenForm(shape, 16, { 8: { [name]: 'places' } })).toBe('products');
  });

  it('is not where it lacks the shape or names a form that the shape cannot have', () => {
    expect(chosenForm(shape, 16, {})).toBe('products');
    expect(chosenForm(product(3, 64, 64, 7), 16, { 16: { '3 64 64 1x1 1x1 7x7': 'places' } })).toBe('products');
  });
});

describe('every form gives the same gradient', () => {
  it.each([
    [2 * block, 3 * block, [1, 1], [1, 1]],
    [3 * block, 2 * block, [1, 1], [2, 2]],
    [2 * block, 2 * block, [3, 3], [1, 1]],
    [3, 2 * block, [3, 3], [2, 2]],
    [block + 4, block, [3, 5], [1, 2]],
  ] as const)('of %i channels, %i filters, kernel %o, stride %o', async (channels, filters, kernel, strides) => {
    for (const images of [block / 2, block, 2 * block]) {
      const graph = new Graph();
      const sizes = [8, 12] as const;
      const outputs = sizes.map((size, axis) => size / strides[axis]!) as [number, number];
      const x = graph.input('x', 'float32', [images, channels, ...sizes]);
      const dy = graph.input('dy', 'float32', [images, filters, ...outputs]);
      const [before, after] = [kernel.map((size) => (size - 1) >> 1), kernel.map((size) => (size - 1) >> 1)];
      const window = { kernel_shape: kernel, strides, pads: [...before, ...after] };
      graph.output(graph.op('ConvWeightGradient', [x, dy], window), 'dw');
      const feeds = { x: spreadOut(x.shape as number[], 1), dy: spreadOut(dy.shape as number[], 2) };
      const { dw } = await runIn('plain', graph, feeds);
      const isProduct = kernel[0] * kernel[1] === 1;
      const shape = { images, channels, filters, kernel, strides, outputSizes: outputs, isProduct };
      for (const form of formsOf(shape, block)) {
        const forms: FormTable = { [block]: { [nameOfShape(shape)]: form } };
        const lowered = await evaluate(lower(graph, { block, forms }), feeds);
        expectClose(lowered['dw']!, dw!, 1e-5, form);
      }
    }
  });
});
