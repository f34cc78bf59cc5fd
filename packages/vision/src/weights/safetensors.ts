/**
 * @file The safetensors format (https://github.com/huggingface/safetensors, section "Format"): eight bytes with the
 * length of a JSON header, the header with type, shape and byte range per tensor, then the raw little-endian numbers.
 */
import { BusanaError } from '@busana/contracts';
import { bytesOf, sizeOf, tensorOfBytes, type DataType, type Tensor, type TensorMap } from '@busana/engine';
import { z } from 'zod';

const typeNames = {
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  int64: 'I64',
  uint8: 'U8',
  int8: 'I8',
  bool: 'BOOL',
} as const;
const LONGEST_HEADER = 100 * 2 ** 20;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(entrySchema);

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

/** @throws BusanaError WEIGHTS_INVALID when the bytes are not a whole safetensors file of number types we know */
export function decodeSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const refuse = (what: string, cause?: unknown) => new BusanaError('WEIGHTS_INVALID', `${file}: ${what}`, { cause });
  if (bytes.byteLength < 8) throw refuse('too short for a safetensors file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > LONGEST_HEADER || 8 + headerLength > bytes.byteLength)
    throw refuse('the header runs past the end');
  let header: z.infer<typeof headerSchema>;
  try {
    header = headerSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength))));
  } catch (cause) {
    throw refuse('the header is not valid', cause);
  }
  const tensors = new Map<string, Tensor>();
  const { __metadata__: metadata = {}, ...entries } = header;
  for (const [name, entry] of Object.entries(entries)) {
    const {
      dtype,
      shape,
      data_offsets: [begin, end],
    } = entrySchema.parse(entry);
    const type = (Object.keys(typeNames) as DataType[]).find((candidate) => typeNames[candidate] === dtype);
    if (type === undefined) throw refuse(`tensor '${name}' has the type ${dtype}, which is not read`);
    if (end < begin || 8 + headerLength + end > bytes.byteLength) throw refuse(`tensor '${name}' runs past the end`);
    // A huge shape must be caught before storage for it is asked for.
    if (sizeOf(shape) > end - begin) throw refuse(`tensor '${name}' has fewer numbers than its shape`);
    try {
      tensors.set(name, tensorOfBytes(type, shape, bytes.subarray(8 + headerLength + begin, 8 + headerLength + end)));
    } catch (cause) {
      throw refuse(`tensor '${name}' does not fill its shape [${shape.join(', ')}]`, cause);
    }
  }
  return { tensors, metadata };
}
