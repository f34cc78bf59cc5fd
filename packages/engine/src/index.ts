export { Random } from './random.ts';

export { EngineError, engineErrors, type EngineErrorCode } from './errors.ts';

export { dumpGraph } from './graph/dump.ts';
export { Graph } from './graph/graph.ts';
export { ancestorsOf, partOf, type GraphPart, type InputForm } from './graph/part.ts';
export { OPSET, type OperatorAttributes, type OperatorType } from './graph/operators.ts';
export {
  bytesOf,
  copyOf,
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
export { encodeHalves } from './proto/encode-halves.ts';
export { decodeInitializers, type StoredInitializer } from './proto/initializers.ts';
export { decodeMetadata } from './proto/metadata.ts';

export { encodeQuantized, type QuantizeOptions } from './quantize/encode.ts';
export { foldConstants } from './quantize/fold.ts';
export { integerLayers, integerValues, type IntegerLayer } from './quantize/layers.ts';
export { layerNoise } from './quantize/noise.ts';
export { observe, rangesOf, type Batches, type Calibration } from './quantize/observe.ts';

export { devices, expectDevice, listProviders, type Device, type Provider } from './runtime/devices.ts';
export { createSession, evaluate, Session, type Named, type Port, type SessionOptions } from './runtime/session.ts';

export { gradients } from './autodiff/gradients.ts';
export { lower } from './lowering/lower.ts';
export { rules } from './rules/table.ts';

export { relu, relu6, gelu, silu } from './layers/activations.ts';
export { multiHeadAttention, type AttentionOptions } from './layers/attention.ts';
export { conv2d, type ConvolutionOptions } from './layers/convolution.ts';
export { dropout, stochasticDepth } from './layers/dropout.ts';
export { normaliseImages, type ImageNormalisation } from './layers/images.ts';
export {
  filled,
  initialise,
  kaimingUniform,
  normal,
  uniform,
  type Initializer,
  type ParameterSpec,
} from './layers/initializers.ts';
export { linear, type LinearInitializers, type LinearOptions } from './layers/linear.ts';
export { Network, parameterCount, type NetworkOptions, type Noise } from './layers/network.ts';
export {
  batchNorm1d,
  batchNorm2d,
  layerNorm,
  type BatchNormOptions,
  type LayerNormOptions,
} from './layers/normalisation.ts';
export { avgPool2d, globalAveragePool2d, maxPool2d, type PoolingOptions } from './layers/pooling.ts';
export { samePadding, type Padding, type Pair } from './layers/sizes.ts';

export { binaryCrossEntropyWithLogits } from './losses/binary-cross-entropy.ts';
export { softmaxCrossEntropy, type CrossEntropyOptions } from './losses/cross-entropy.ts';
export { softCrossEntropy } from './losses/soft-cross-entropy.ts';
export { weightedSum, type WeightedLoss } from './losses/weighted-sum.ts';

export { adam, adamW, sgd, type AdamOptions, type SgdOptions } from './optim/optimizers.ts';
export {
  constant,
  cosine,
  oneCycle,
  stepDecay,
  type CosineOptions,
  type OneCycleOptions,
  type Schedule,
} from './optim/schedules.ts';
export { stateless, type Optimizer, type Part, type StepContext, type Transform } from './optim/transform.ts';
export {
  addDecayedWeights,
  clipByGlobalNorm,
  scaleByAdam,
  scaleByLearningRate,
  trace,
  type AdamMoments,
  type TraceOptions,
} from './optim/transforms.ts';

export {
  buildForward,
  compileForward,
  Forward,
  type ForwardDefinition,
  type ForwardOptions,
} from './training/forward.ts';
export { type StepDefinition } from './training/plan.ts';
export { compileTrainingStep, TrainingStep, type StepResult, type TrainingStepOptions } from './training/step.ts';
