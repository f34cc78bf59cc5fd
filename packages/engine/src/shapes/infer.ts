import type { OperatorAttributes, OperatorType } from '../graph/operators.ts';
import type { Value } from '../graph/value.ts';
import { mismatch, type Inferred, type InferenceRule, type InferenceTable } from './application.ts';
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

/** Bounds that no sensible graph reaches: reading a hostile one must end. */
const LONGEST_SHAPE = 64;
const LONGEST_NAME = 256;

/** Types and shapes of a node's outputs. @throws EngineError SHAPE_MISMATCH naming the node and the shapes */
export function inferOutputs<T extends OperatorType>(
  name: string,
  type: T,
  inputs: readonly (Value | undefined)[],
  attributes: OperatorAttributes[T],
  count: number,
): readonly Inferred[] {
  const rule: InferenceRule<T> = table[type];
  const node = { name, type, inputs, attributes, count };
  const outputs = rule(node);
  for (const { shape } of outputs) {
    if (shape.length > LONGEST_SHAPE) mismatch(node, `a result of ${shape.length} dimensions is not supported`);
    if (shape.some((size) => typeof size === 'string' && size.length > LONGEST_NAME)) {
      mismatch(node, 'a size depends on named ones in too complicated a way');
    }
  }
  return outputs;
}
