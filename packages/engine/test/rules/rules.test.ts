import { describe, expect, test } from 'vitest';
import type { OperatorType } from '../../src/graph/operators.ts';
import { rules } from '../../src/rules/table.ts';
import { checkGradient } from '../../src/testing/gradient-check.ts';
import { checkOf, labelOf } from './apply.ts';
import type { Case, Cases } from './cases/case.ts';
import { convolutionCases } from './cases/convolution.ts';
import { elementwiseCases } from './cases/elementwise.ts';
import { linearCases } from './cases/linear.ts';
import { normalisationCases } from './cases/normalisation.ts';
import { rearrangementCases } from './cases/rearrangement.ts';
import { reductionCases } from './cases/reductions.ts';
import { selectionCases } from './cases/selection.ts';

const cases: Cases = {
  ...convolutionCases,
  ...elementwiseCases,
  ...linearCases,
  ...normalisationCases,
  ...rearrangementCases,
  ...reductionCases,
  ...selectionCases,
};
const operators = Object.keys(rules) as OperatorType[];

describe.each(operators)('%s', (operator) => {
  const { kind } = rules[operator];
  const listed: readonly Case[] = cases[operator] ?? [];

  test(`has cases if and only if it has a rule (it is: ${kind})`, () => {
    expect(listed.length > 0).toBe(kind === 'rule');
  });

  test.each(listed.map((one) => [labelOf(one), one] as const))('%s', async (_, one) => {
    await checkGradient(checkOf(operator, one));
  });
});
