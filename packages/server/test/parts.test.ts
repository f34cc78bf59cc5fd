import { wilson } from '@busana/vision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareModels, notMeasured } from '../src/trainings/comparison.ts';
import { partsOf, type Part } from '../src/trainings/parts.ts';

const hashOf = fc.stringMatching(/^[0-9a-f]{64}$/);

describe('the photos to compare models on', () => {
  it('are about a fifth of the groups', () => {
    const hashes = Array.from({ length: 5000 }, (_, at) => ((at * 2_654_435_761) % 2 ** 32).toString(16).padStart(12, '0').padEnd(64, '0')); // prettier-ignore
    const parts = partsOf(hashes, hashes.map((_, at) => at), new Map()); // prettier-ignore
    const kept = [...parts.values()].filter((part) => part === 'evaluation').length;
    expect(kept).toBeGreaterThan(900);
    expect(kept).toBeLessThan(1100);
  });

  it('stay what they are when others come, and no copy of one is learnt from', () => {
    const world = fc.uniqueArray(hashOf, { minLength: 2, maxLength: 30 }).chain((hashes) =>
      fc.record({
        hashes: fc.constant(hashes),
        groups: fc.array(fc.nat(6), { minLength: hashes.length, maxLength: hashes.length }),
        later: fc.array(fc.nat(6), { minLength: hashes.length, maxLength: hashes.length }),
        first: fc.nat(hashes.length),
      }),
    );
    fc.assert(
      fc.property(world, ({ hashes, groups, later, first }) => {
        const before = partsOf(hashes.slice(0, first), groups.slice(0, first), new Map());
        const after = partsOf(hashes, later, before);
        for (const [hash, part] of before) expect(after.get(hash)).toBe(part);
        // Whatever is new in a group is of the part of all that are known there, or of neither.
        hashes.forEach((hash, at) => {
          if (at < first) return;
          const known = new Set(hashes.slice(0, first).filter((_, other) => later[other] === later[at]).map((other) => before.get(other))); // prettier-ignore
          known.delete('neither');
          const part: Part = after.get(hash)!;
          if (known.size === 1) expect(part).toBe([...known][0]);
          if (known.size === 2) expect(part).toBe('neither');
        });
      }),
    );
  });
});

describe('the comparison of two models', () => {
  const emr = (hits: number, n: number) => ({ ...wilson(hits, n), bootstrap: { low: 0, high: 1, resamples: 1 } });
  const verdict = (best: number, rival: number, only: [number, number], difference: [number, number, number], p: number) => ({
    ...{ best: 'a', emr: best, low: 0, high: 1, n: 100, paired_test: '', p_value: p, alpha: 0.05, significant: p < 0.05, sentence: '' },
    comparisons: [{ rival: 'b', rival_emr: rival, only_best_right: only[0], only_rival_right: only[1], emr_difference: { value: difference[0], low: difference[1], high: difference[2], resamples: 2000 }, p_value: p, p_adjusted: p, significant: p < 0.05 }],
  }); // prettier-ignore

  it('proposes what is better, or as good', () => {
    expect(compareModels({ emr: emr(95, 100) }, verdict(0.95, 0.85, [12, 2], [0.1, 0.03, 0.17], 0.013))).toMatchObject({
      verdict: 'better', proposed: true, only_new_right: 12, only_old_right: 2, difference: { value: 0.1, low: 0.03, high: 0.17 }, old_emr: wilson(85, 100),
    }); // prettier-ignore
    expect(compareModels({ emr: emr(90, 100) }, verdict(0.9, 0.9, [3, 3], [0, -0.05, 0.05], 1))).toMatchObject({ verdict: 'not worse', proposed: true }); // prettier-ignore
  });

  it('never proposes what is worse, or was not measured', () => {
    const worse = compareModels({ emr: emr(89, 100) }, verdict(0.9, 0.89, [2, 1], [0.01, -0.03, 0.05], 1));
    expect(worse).toMatchObject({ verdict: 'worse', proposed: false, only_new_right: 1, only_old_right: 2, difference: { value: -0.01, low: -0.05, high: 0.03 }, old_emr: wilson(90, 100) }); // prettier-ignore
    expect(worse.sentence).toContain('89.0 % of 100 photos');
    expect(notMeasured()).toMatchObject({ verdict: 'not measured', proposed: false, photos: 0 });
  });
});
