import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/quantize/histogram.ts';
import { observe, rangesOf } from '../../src/quantize/observe.ts';
import { entropyRange, percentileRange } from '../../src/quantize/thresholds.ts';
import { Random } from '../../src/random.ts';
import { Graph } from '../../src/graph/graph.ts';
import { floats } from '../../src/graph/tensor.ts';

function histogramOf(values: Iterable<number>): Histogram {
  const histogram = new Histogram();
  histogram.add(Float32Array.from(values));
  return histogram;
}

const line = (count: number, scale = 1): number[] => Array.from({ length: count }, (_, i) => ((i + 1) / count) * scale);

describe('the histogram', () => {
  it('counts every value once, however late the large ones come', () => {
    const histogram = new Histogram();
    for (const scale of [0.001, 1, -300, 2]) histogram.add(Float32Array.from(line(1000, scale)));
    const { counts, width } = histogram.magnitudes();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4000);
    expect([histogram.low, histogram.high]).toEqual([-300, 2]);
    expect(counts.length * width).toBeGreaterThanOrEqual(300);
    expect(counts.length * width).toBeLessThan(301);
  });

  it('keeps zeros apart', () => {
    const histogram = histogramOf([0, -0, 0, 1]);
    expect(histogram.zeros).toBe(3);
    expect(histogram.magnitudes().counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(histogramOf([0, 0]).magnitudes().counts).toHaveLength(0);
  });

  it('refuses what is not a number', () => {
    expect(() => histogramOf([1, NaN])).toThrow(RangeError);
    expect(() => histogramOf([Infinity])).toThrow(RangeError);
  });
});

describe('the percentile', () => {
  it('of evenly spread values is that share of the largest', () => {
    const { low, high } = percentileRange(histogramOf(line(10_000, 5)), 90);
    expect(high).toBeCloseTo(4.5, 2);
    expect(low).toBeGreaterThanOrEqual(0);
  });

  it('of 100 is the largest value, on either side', () => {
    expect(percentileRange(histogramOf([-3, 1, 2]), 100)).toEqual({ low: -3, high: 2 });
  });

  it('leaves one outlier among many values out, and is not moved by zeros', () => {
    const values = [...line(10_000), 1000];
    const without = percentileRange(histogramOf(values), 99.9);
    expect(without.high).toBeLessThan(1.5);
    expect(percentileRange(histogramOf([...values, ...new Array<number>(50_000).fill(0)]), 99.9).high).toBe(
      without.high,
    );
  });

  it('of nothing but zeros is nothing', () => {
    expect(percentileRange(histogramOf([0, 0]), 99)).toEqual({ low: 0, high: 0 });
  });
});

describe('the threshold of least information lost', () => {
  const random = Random.of('entropy');
  const normals = Array.from({ length: 200_000 }, () => random.normal());

  it('covers an even distribution whole', () => {
    expect(entropyRange(histogramOf(line(100_000, 5))).high).toBeGreaterThan(4.95);
  });

  it('cuts the thin tails of a bell, and most of the way to far outliers', () => {
    const bell = entropyRange(histogramOf(normals));
    expect(bell.high).toBeGreaterThan(2.5);
    const far = entropyRange(histogramOf([...normals, 60, -60]));
    expect(far.high).toBeGreaterThan(2.5);
    expect(far.high).toBeLessThan(20);
    expect(far.low).toBe(-far.high);
  });

  it('keeps a distribution of one side on its side', () => {
    const { low, high } = entropyRange(histogramOf([...normals.map(Math.abs), 60]));
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThan(20);
  });

  it('is the largest value where there are fewer bins than steps', () => {
    expect(entropyRange(histogramOf([0.5, 0.5, 0.5])).high).toBe(0.5);
  });
});

it('values of a graph are observed over all batches, the same whatever the batches are', async () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 2]);
  const double = graph.op('Mul', [x, graph.scalar(2)]);
  graph.output(graph.op('Relu', [double]), 'y');
  const found = async (...data: number[][]) => {
    const feeds = data.map((values) => ({ x: floats([values.length / 2, 2], values) }));
    return rangesOf(await observe(graph, [double], feeds), { method: 'percentile', percent: 100 });
  };
  const once = await found([1, -4, 2, 3, 0, 0]);
  expect(once.get(double.name)).toEqual({ low: -8, high: 6 });
  expect(await found([1, -4], [2, 3], [0, 0])).toEqual(once);
});
