import type { OperatorAttributes, OperatorType } from './operators.ts';
import type { DataType, Tensor } from './tensor.ts';

/** A known size, or the name of one that is only known at run time (`'N'`). Gradients need known sizes. */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

/** A tensor of the graph: an input, a constant, or the output of one node. Compared by identity. */
export interface Value {
  readonly name: string;
  readonly type: DataType;
  readonly shape: Shape;
  /** The numbers, when they are known while the graph is built (an ONNX initializer). */
  readonly constant?: Tensor;
}

/** One operator application. `undefined` inputs are optional ones left out. */
export interface Node<T extends OperatorType = OperatorType> {
  readonly name: string;
  readonly type: T;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: OperatorAttributes[T];
}

/** A node of any operator, as a union that narrows on `type`. */
export type AnyNode = { [T in OperatorType]: Node<T> }[OperatorType];

/** A part of a graph that works on one value; what else its nodes read is there anyway: parameters, masks. */
export interface Block {
  readonly input: Value;
  readonly nodes: readonly AnyNode[];
}
