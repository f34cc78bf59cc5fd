/** @file Pretrained weights from a file of any kind that is read, recognised by its first bytes. */
import { BusanaError } from '@busana/contracts';
import type { TensorMap } from '@busana/engine';
import { open } from 'node:fs/promises';
import { invalidWeights } from './refusal.ts';
import { readOnnxInitializers } from './onnx-initializers.ts';
import { readSafetensorsFile } from './safetensors-file.ts';
import { withoutPrefix } from './state-dict.ts';
import { readTorchLegacy } from './torch-legacy.ts';
import { readTorchZip } from './torch-zip.ts';
import { WeightsFile } from './weights-file.ts';

/** Enough to tell the formats apart. */
const SIGNATURE = 512;

/**
 * Tensors by the names in the file, without wrappers and prefixes; floating-point numbers are float32.
 * @throws BusanaError WEIGHTS_UNAVAILABLE when there is no file, WEIGHTS_INVALID saying what is wrong with it
 */
export async function readWeights(path: string): Promise<TensorMap> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new BusanaError('WEIGHTS_UNAVAILABLE', `${path} cannot be opened`, { cause });
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new BusanaError('WEIGHTS_UNAVAILABLE', `${path} is not a file`);
    const file = new WeightsFile(path, found.size, handle);
    return withoutPrefix(await readerOf(await file.head(SIGNATURE), path)(file));
  } finally {
    await handle.close();
  }
}

type Reader = (file: WeightsFile) => Promise<TensorMap>;

/** PROTO, which every pickle of protocol 2 or later starts with. */
const PICKLE = 0x80;
/** The key of `ir_version`, the first field of an ONNX model. */
const ONNX = 0x08;

function readerOf(head: Uint8Array, path: string): Reader {
  // First, as the length that starts it may begin with any byte: its upper half is zero, and JSON follows.
  if (text(head, 4, 9) === '\0\0\0\0{') return readSafetensorsFile;
  if (text(head, 0, 4) === 'PK\x03\x04') return readTorchZip;
  if (head[0] === PICKLE) return readTorchLegacy;
  if (head[0] === ONNX) return readOnnxInitializers;
  throw invalidWeights(path, whatElse(head), {
    remedy: 'Give a .safetensors file, a .pt or .pth file that torch.save wrote, or an .onnx file.',
  });
}

/** What people save in the place of weights by mistake. */
function whatElse(head: Uint8Array): string {
  if (head.byteLength === 0) return 'it is empty';
  if (text(head, 0, 24) === 'version https://git-lfs.') return 'it is a pointer of Git LFS, not the file itself';
  if (/^\s*<(!doctype|html)/i.test(text(head, 0, SIGNATURE))) return 'it is a web page, not the file itself';
  if (text(head, 257, 262) === 'ustar') return 'it is a tar archive, which torch.save wrote before PyTorch 0.1.10';
  return 'it is no weights file of a kind that is read';
}

function text(head: Uint8Array, start: number, end: number): string {
  return Buffer.from(head.subarray(start, end)).toString('latin1');
}
