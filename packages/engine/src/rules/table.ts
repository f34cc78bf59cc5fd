import { choice } from './choice.ts';
import { convolution } from './convolution/rules.ts';
import { elementwise } from './elementwise.ts';
import { linearAlgebra } from './linear.ts';
import { normalisation } from './normalisation.ts';
import { pooling } from './pooling.ts';
import { rearrangement } from './rearrangement.ts';
import { reductions } from './reductions.ts';
import type { RuleTable } from './rule.ts';
import { selection } from './selection.ts';

/** The verdict on every operator: a gradient rule, no gradient, or a refusal with its reason. */
export const rules: RuleTable = {
  ...elementwise,
  ...choice,
  ...linearAlgebra,
  ...convolution,
  ...pooling,
  ...normalisation,
  ...reductions,
  ...rearrangement,
  ...selection,
};
