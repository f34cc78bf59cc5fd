/** @file The classes and functions that the pickles of PyTorch may name. None of them is called. */
import type { ElementType } from './elements.ts';
import type { Permits } from './pickle-machine.ts';

/** Storage classes with the type of their numbers. Complex, quantized and 8-bit float storages are not among them. */
export const storageTypes: ReadonlyMap<string, ElementType> = new Map([
  ['torch.FloatStorage', 'float32'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.DoubleStorage', 'float64'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
]);

const tensors = [
  'torch._utils._rebuild_tensor',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_parameter',
  'torch._utils._rebuild_parameter_with_state',
  'torch._tensor._rebuild_from_type_v2',
  'torch.Tensor',
  'torch.Size',
  'torch.device',
];
const numberTypes = ['float32', 'float16', 'bfloat16', 'float64', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'];
/** Plain data beside the tensors: settings of a training run, dates, folders, figures. */
const data = [
  'collections.OrderedDict',
  'collections.defaultdict',
  'argparse.Namespace',
  'types.SimpleNamespace',
  'datetime.datetime',
  'datetime.timedelta',
  'datetime.date',
  'pathlib.Path',
  'pathlib.PosixPath',
  'pathlib.PurePosixPath',
  'pathlib.WindowsPath',
  'pathlib._local.PosixPath',
  'pathlib._local.WindowsPath',
  ...['numpy.core.multiarray', 'numpy._core.multiarray'].flatMap((module) => [
    `${module}.scalar`,
    `${module}._reconstruct`,
  ]),
  'numpy.ndarray',
  'numpy.dtype',
  '_codecs.encode',
  'copyreg._reconstructor',
  'copy_reg._reconstructor',
];
const builtins = [
  'set',
  'frozenset',
  'list',
  'dict',
  'tuple',
  'slice',
  'range',
  'complex',
  'bytearray',
  'object',
].flatMap((name) => [`builtins.${name}`, `__builtin__.${name}`]);

const permitted: ReadonlySet<string> = new Set([
  ...storageTypes.keys(),
  'torch.storage.UntypedStorage',
  ...tensors,
  ...numberTypes.map((name) => `torch.${name}`),
  ...data,
  ...builtins,
]);

/** Layers: their objects are trees of tensors. A name with a dot would reach into what the module imports. */
const layers = /^(torch\.nn|ultralytics)(\.\w+)*$/;
const ownName = /^\w+$/;

export const permitsOfTorch: Permits = (module, name) =>
  permitted.has(`${module}.${name}`) || (layers.test(module) && ownName.test(name));

/** Whether an object of this class is a layer, or holds layers. */
export function isLayer(global: string): boolean {
  return layers.test(global);
}
