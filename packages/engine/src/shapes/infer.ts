import type { OperatorAttributes, OperatorType } from '../graph/operators.ts';
import type { DataType } from '../graph/tensor.ts';
import type { Shape, Value } from '../graph/value.ts';

export interface Inferred {
  readonly type: DataType;
  readonly shape: Shape;
}

/** Types and shapes of a node's outputs. @throws EngineError SHAPE_MISMATCH naming the node and the shapes */
export declare function inferOutputs<T extends OperatorType>(
  name: string,
  type: T,
  inputs: readonly (Value | undefined)[],
  attributes: OperatorAttributes[T],
  count: number,
): readonly Inferred[];
