import type { OperatorAttributes, OperatorType } from '../graph/operators.ts';
import type { Value } from '../graph/value.ts';
import type { Inferred, InferenceRule, InferenceTable } from './application.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { linear } from './linear.ts';
import { normalisation } from './normalisation.ts';
import { rearrangement } from './rearrangement.ts';
import { reductions } from './reductions.ts';
import { selection } from './selection.ts';

const table: InferenceTable = {
  ...elementwise,
  ...linear,
  ...convolution,
  ...normalisation,
  ...reductions,
  ...rearrangement,
  ...selection,
};

/** Types and shapes of a node's outputs. @throws EngineError SHAPE_MISMATCH naming the node and the shapes */
export function inferOutputs<T extends OperatorType>(
  name: string,
  type: T,
  inputs: readonly (Value | undefined)[],
  attributes: OperatorAttributes[T],
  count: number,
): readonly Inferred[] {
  const rule: InferenceRule<T> = table[type];
  return rule({ name, type, inputs, attributes, count });
}
