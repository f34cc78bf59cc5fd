import { describe, expect, test } from 'vitest';
import type { OperatorType } from '../../src/graph/operators.ts';
import { rules } from '../../src/rules/table.ts';
import { checkGradient } from '../../src/testing/gradient-check.ts';
import { checkOf, labelOf } from './apply.ts';
import { cases } from './cases/all.ts';
import type { Case } from './cases/case.ts';

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
