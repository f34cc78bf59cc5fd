import { Tensor as RuntimeTensor, type OnnxValue } from 'onnxruntime-node';
import { EngineError } from '../errors.ts';
import { tensor, type DataType, type Tensor } from '../graph/tensor.ts';

const dataTypes: { readonly [T in DataType]: true } = {
  float32: true,
  float64: true,
  int32: true,
  int64: true,
  uint8: true,
  int8: true,
  bool: true,
};

/** Whether a type of the runtime is one the engine holds. */
export function isDataType(type: string): type is DataType {
  return Object.hasOwn(dataTypes, type);
}

/** The runtime's wrapper of each tensor: buffers that swap roles step by step are wrapped once. */
const wrappers = new WeakMap<Tensor, RuntimeTensor>();

/** The tensor as the runtime takes it, in its own or another shape of as many numbers; it shares the storage. */
export function toRuntime(content: Tensor, shape: readonly number[] = content.shape): RuntimeTensor {
  const known = wrappers.get(content);
  if (known !== undefined && known.dims.join() === shape.join()) return known;
  const wrapper = new RuntimeTensor(content.type, content.data, shape);
  wrappers.set(content, wrapper);
  return wrapper;
}

/** A tensor over the storage of a result. */
export function fromRuntime(result: OnnxValue): Tensor {
  const { type, data, dims } = result;
  if (!isDataType(type)) throw new EngineError('RUNTIME', `the runtime returned a tensor of type ${type}`);
  const content = tensor(type, dims, data as Tensor['data']);
  wrappers.set(content, result);
  return content;
}
