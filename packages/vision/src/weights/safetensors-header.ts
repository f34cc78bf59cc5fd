/**
 * @file The header of the safetensors format (https://github.com/huggingface/safetensors, section "Format"): eight
 * bytes with the length of a JSON text, and that text with type, shape and byte range per tensor.
 */
import { sizeOf } from '@busana/engine';
import { z } from 'zod';
import { elementBytes, type ElementType } from './elements.ts';
import { invalidWeights, quoted } from './refusal.ts';

export const typeNames = {
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  float64: 'F64',
  int32: 'I32',
  int64: 'I64',
  int16: 'I16',
  uint8: 'U8',
  int8: 'I8',
  bool: 'BOOL',
} as const satisfies Record<ElementType, string>;

/** The bytes before the JSON text. */
export const LENGTH_BYTES = 8;
/** The limit of the format's own library. */
const LONGEST_HEADER = 100 * 2 ** 20;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(entrySchema);

export interface SafetensorsEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Byte range, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The length of the JSON text, from the first bytes of a file. @throws BusanaError WEIGHTS_INVALID */
export function headerLengthOf(head: Uint8Array, fileSize: number, file: string): number {
  if (head.byteLength < LENGTH_BYTES) throw invalidWeights(file, 'too short for a safetensors file');
  const length = Number(new DataView(head.buffer, head.byteOffset, LENGTH_BYTES).getBigUint64(0, true));
  if (length > LONGEST_HEADER || LENGTH_BYTES + length > fileSize) {
    throw invalidWeights(file, 'the header runs past the end');
  }
  return length;
}

/**
 * The entries of a header; each fills its byte range, inside the data, and no two ranges overlap.
 * @param dataLength bytes after the header
 * @throws BusanaError WEIGHTS_INVALID naming the tensor
 */
export function parseHeader(text: Uint8Array, dataLength: number, file: string): SafetensorsHeader {
  let header: z.infer<typeof headerSchema>;
  try {
    header = headerSchema.parse(JSON.parse(new TextDecoder().decode(text)));
  } catch (cause) {
    throw invalidWeights(file, 'the header is not valid', { cause });
  }
  const { __metadata__: metadata = {}, ...tensors } = header;
  const entries = Object.entries(tensors).map(([name, entry]) => {
    return checked(name, entrySchema.parse(entry), dataLength, file);
  });
  refuseOverlaps(entries, file);
  return { entries, metadata };
}

function checked(
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: z.infer<typeof entrySchema>,
  dataLength: number,
  file: string,
): SafetensorsEntry {
  const refuse = (what: string) => invalidWeights(file, `tensor '${quoted(name)}' ${what}`);
  const type = (Object.keys(typeNames) as ElementType[]).find((candidate) => typeNames[candidate] === dtype);
  if (type === undefined) throw refuse(`has the type ${quoted(dtype)}, which is not read`);
  if (end < begin || end > dataLength) throw refuse('runs past the end');
  // A huge shape must be caught before storage for it is asked for.
  if (sizeOf(shape) * elementBytes[type] !== end - begin) {
    throw refuse(`has ${end - begin} bytes, which do not fill its shape [${shape.join(', ')}]`);
  }
  return { name, type, shape, begin, end };
}

function refuseOverlaps(entries: readonly SafetensorsEntry[], file: string): void {
  const inOrder = entries.filter(({ begin, end }) => end > begin).sort((one, other) => one.begin - other.begin);
  for (const [at, { name, begin }] of inOrder.entries()) {
    const before = inOrder[at - 1];
    if (before !== undefined && begin < before.end) {
      throw invalidWeights(file, `tensors '${quoted(before.name)}' and '${quoted(name)}' overlap`);
    }
  }
}
