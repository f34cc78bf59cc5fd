export { Random } from './random.ts';

export { EngineError, engineErrors, type EngineErrorCode } from './errors.ts';

export { dumpGraph } from './graph/dump.ts';
export { Graph } from './graph/graph.ts';
export { OPSET, type OperatorAttributes, type OperatorType } from './graph/operators.ts';
export {
  bytesOf,
  floats,
  int64s,
  sizeOf,
  tensor,
  tensorOfBytes,
  type DataType,
  type Tensor,
  type TensorMap,
} from './graph/tensor.ts';
export type { AnyNode, Dimension, Node, Shape, Value } from './graph/value.ts';

export { decodeModel, type DecodedModel } from './proto/decode.ts';
export { encodeModel, type EncodeOptions } from './proto/encode.ts';

export { createSession, evaluate, Session, type Named, type Port, type SessionOptions } from './runtime/session.ts';

export { gradients } from './autodiff/gradients.ts';
export { lower } from './lowering/lower.ts';
export { rules } from './rules/table.ts';
