/** @file Explanations beside shap's (tools/reference/explain_reference.py). */
import { describe, expect, it } from 'vitest';
import { askAbout } from '../../src/explain/ask.ts';
import { blur } from '../../src/explain/blur.ts';
import { expectedGradients } from '../../src/explain/expected-gradients.ts';
import { blendWith } from '../../src/explain/masking.ts';
import { owenValues } from '../../src/explain/owen.ts';
import { picture, reference, smallGradient, smallSubject, targets } from './small-network.ts';

const { size, output, blur: blurs, partition, gradient, backgrounds } = reference;
const photo = picture('photo');

describe('blur', () => {
  it.each([
    [blurs.kernel, blurs.picture],
    [blurs.even_kernel, blurs.even_picture],
    [blurs.wide_kernel, blurs.wide_picture],
  ])("by %i pixels is OpenCV's, pixel by pixel", (kernel, expected) => {
    expect(Array.from(blur(photo, size, kernel))).toEqual(expected);
  });
});

describe('partition', () => {
  it.each(partition)("has the values of shap's PartitionExplainer at $evaluations evaluations", async (expected) => {
    const subject = await smallSubject();
    const mask = blendWith(blur(photo, size, blurs.kernel), photo, size);
    let asked = 0;
    const { base, values } = await owenValues(
      (coalitions) => {
        asked += coalitions.length;
        return askAbout(subject, targets, coalitions.length, (at, into) => mask(coalitions[at], into));
      },
      { size, evaluations: expected.evaluations },
    );
    await subject.release();
    expect(asked).toBe(expected.evaluations);
    for (const { index } of targets) {
      expect(base[index]).toBeCloseTo(expected.base[index]!, 5);
      const apart = values[index]!.map((value, at) => Math.abs(value - expected.values[index]![at]!));
      // Values are of the size of 0.01: this is a thousandth of that.
      expect(Math.max(...apart)).toBeLessThan(1e-5);
      const sum = values[index]!.reduce((total, value) => total + value, 0);
      expect(Math.abs(base[index]! + sum - output[index]!)).toBeLessThan(1e-6);
    }
  });
});

describe('shap', () => {
  it("agrees with shap's GradientExplainer within the sampling errors of both", async () => {
    const subject = await smallSubject();
    const seeded = await smallGradient(8);
    const background = Array.from({ length: backgrounds }, (_, at) => picture(`background ${at}`));
    const runs = 8;
    const samples = gradient.samples / runs;
    const found = [];
    for (let seed = 0; seed < runs; seed += 1) {
      const options = {
        subject,
        gradient: seeded,
        batch: 8,
        picture: photo,
        background,
        targets,
        seed,
        score: 'output' as const,
      };
      found.push(await expectedGradients({ ...options, samples }));
    }
    await seeded.release();
    await subject.release();
    for (const { index } of targets) {
      const rows = found.map((run) => run[index]!);
      const score = gradient.values[index]!.map((expected, at) => {
        const own = rows.map(({ values }) => values[at]!);
        const mean = own.reduce((total, value) => total + value, 0) / runs;
        const variance = own.reduce((total, value) => total + (value - mean) ** 2, 0) / (runs - 1) / runs;
        return (mean - expected) / Math.sqrt(variance + gradient.standard_errors[index]![at]! ** 2);
      });
      // Differences in units of their standard error: like a t distribution, of variance a little over 1.
      const square = score.reduce((total, z) => total + z * z, 0) / score.length;
      expect(square).toBeGreaterThan(0.5);
      expect(square).toBeLessThan(1.6);
      const mean = rows.reduce((total, { values }) => total + values.reduce((a, b) => a + b, 0), 0) / runs;
      expect(Math.abs(rows[0]!.base + mean - output[index]!)).toBeLessThan(1e-3);
    }
  });
});
