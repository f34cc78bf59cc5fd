import { Random } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { fitTemperature } from '../../src/artifact/temperature.ts';
import { chooseThresholds } from '../../src/artifact/thresholds.ts';
import { MISSING } from '../../src/data/dataset.ts';
import { softmaxRows } from '../../src/train/loss.ts';
import { reference } from '../evaluate/reference.ts';

describe('fitTemperature', () => {
  it('finds the temperature that labels were drawn at', () => {
    const random = Random.of('temperature test');
    const [photos, classes, truth] = [20_000, 3, 2.5];
    const logits = Float32Array.from({ length: photos * classes }, () => random.normal(0, 4));
    const probabilities = softmaxRows(
      logits.map((value) => value / truth),
      classes,
    );
    const targets = Array.from({ length: photos }, (_, row) => {
      const draw = random.uniform();
      const [first, second] = [probabilities[row * classes]!, probabilities[row * classes + 1]!];
      return draw < first ? 0 : draw < first + second ? 1 : 2;
    });
    // The standard error of the estimate at 20,000 photos is about 0.03.
    expect(Math.abs(fitTemperature(logits, targets) - truth)).toBeLessThan(0.1);
  });

  it.each(reference.temperature)('is where scipy finds no slope: $temperature', ({ logits, targets, temperature }) => {
    expect(fitTemperature(Float32Array.from(logits), targets)).toBeCloseTo(temperature, 9);
  });

  it('stops at its ends where every photo is right, or every one is wrong', () => {
    expect(fitTemperature(Float32Array.of(3, 1, 0, 2), [0, 1])).toBeCloseTo(0.05, 9);
    expect(fitTemperature(Float32Array.of(3, 1, 0, 2), [1, 0])).toBeCloseTo(20, 9);
  });

  it('leaves logits alone when nothing is labelled', () => {
    expect(fitTemperature(Float32Array.of(1, 2), [MISSING])).toBe(1);
  });
});

describe('chooseThresholds', () => {
  it('accepts as many photos as reach an EMR of 0.99', () => {
    const rows = [
      { threshold: 0.99, coverage: 0.2, emr: 1 },
      { threshold: 0.9, coverage: 0.6, emr: 0.992 },
      { threshold: 0.5, coverage: 1, emr: 0.9 },
    ];
    expect(chooseThresholds(rows)).toEqual({ accept: 0.9, coverage: 0.6, emr: 0.992 });
  });

  it('falls back to a cautious one when nothing reaches it or nothing was measured', () => {
    expect(chooseThresholds([{ threshold: 0.5, coverage: 1, emr: 0.5 }])).toEqual({ accept: 0.9 });
    expect(chooseThresholds(undefined)).toEqual({ accept: 0.9 });
  });
});
