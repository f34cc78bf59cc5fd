/**
 * @file The safetensors format (https://github.com/huggingface/safetensors, section "Format"): eight bytes with the
 * length of a JSON header, the header with type, shape and byte range per tensor, then the raw little-endian numbers.
 */
import { bytesOf, type Tensor, type TensorMap } from '@busana/engine';
import { tensorOfElements } from './elements.ts';
import { headerLengthOf, LENGTH_BYTES, parseHeader, typeNames } from './safetensors-header.ts';

export interface SafetensorsFile {
  readonly tensors: TensorMap;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of a safetensors file; tensors in the order given, metadata as strings. */
export function encodeSafetensors(tensors: TensorMap, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [name, { type, shape, data }] of tensors) {
    header[name] = { dtype: typeNames[type], shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = JSON.stringify(header);
  // Spaces pad the header so that the numbers start on a multiple of eight bytes.
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const bytes = new Uint8Array(8 + json.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  let position = 8 + json.length;
  for (const content of tensors.values()) {
    bytes.set(bytesOf(content), position);
    position += content.data.byteLength;
  }
  return bytes;
}

/**
 * Halves become float32; other types stay.
 * @throws BusanaError WEIGHTS_INVALID when the bytes are not a whole safetensors file of number types we know
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const start = LENGTH_BYTES + headerLengthOf(bytes, bytes.byteLength, file);
  const { entries, metadata } = parseHeader(bytes.subarray(LENGTH_BYTES, start), bytes.byteLength - start, file);
  const tensors = new Map<string, Tensor>(
    entries.map(({ name, type, shape, begin, end }) => {
      return [name, tensorOfElements(type, shape, bytes.subarray(start + begin, start + end))];
    }),
  );
  return { tensors, metadata };
}
