import type { Cases } from './case.ts';
import { convolutionCases } from './convolution.ts';
import { elementwiseCases } from './elementwise.ts';
import { linearCases } from './linear.ts';
import { normalisationCases } from './normalisation.ts';
import { rearrangementCases } from './rearrangement.ts';
import { reductionCases } from './reductions.ts';
import { selectionCases } from './selection.ts';

/** Every case of every rule. */
export const cases: Cases = {
  ...convolutionCases,
  ...elementwiseCases,
  ...linearCases,
  ...normalisationCases,
  ...rearrangementCases,
  ...reductionCases,
  ...selectionCases,
};
