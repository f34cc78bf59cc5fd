import { constant, rule, type RuleTable } from './rule.ts';

const truth = constant('the result is true or false');

export const choice = {
  Equal: truth,
  Greater: truth,
  GreaterOrEqual: truth,
  Less: truth,
  LessOrEqual: truth,
  And: truth,
  Or: truth,
  Not: truth,
  Where: rule({ inputs: [0] }, ({ build, input, gradientOfOutput, wanted }) => [
    undefined,
    wanted(1) ? build.where(input(0), gradientOfOutput(0), 0) : undefined,
    wanted(2) ? build.where(input(0), 0, gradientOfOutput(0)) : undefined,
  ]),
} satisfies Partial<RuleTable>;
