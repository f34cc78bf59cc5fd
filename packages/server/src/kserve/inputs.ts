/** @file What a model can be asked with: tensors of encoded photos, or of pixels as its graph takes them. */
import { BusanaError, type InferenceRequest } from '@busana/contracts';

type Input = InferenceRequest['inputs'][number];

/** Names of the inputs: a request has the one or the other. */
export const PHOTOS = 'photo';
export const PIXELS = 'image';

/** Photos of one request. */
const MOST_PHOTOS = 64;

export type Photos =
  | { readonly kind: 'photos'; readonly files: readonly Uint8Array[] }
  /** Each uint8 `[size, size, 3]`. */
  | { readonly kind: 'pixels'; readonly pictures: readonly Uint8Array[] };

/** @param size side of the pictures that the model takes, in pixels @throws BusanaError USAGE, UPLOAD_TOO_LARGE */
export function readInputs(inputs: readonly Input[], size: number): Photos {
  const [input, more] = inputs;
  if (input === undefined || more !== undefined) throw refused(`a request has one input, '${PHOTOS}' or '${PIXELS}'`);
  const [count = 0] = input.shape;
  if (count > MOST_PHOTOS) {
    throw new BusanaError('UPLOAD_TOO_LARGE', `a request has at most ${MOST_PHOTOS} photos, this one ${count}`);
  }
  if (count === 0) throw refused('there is no photo in the request');
  if (input.name === PHOTOS) {
    expectForm(input, 'BYTES', [count]);
    return { kind: 'photos', files: readFiles(input, count) };
  }
  if (input.name === PIXELS) {
    expectForm(input, 'UINT8', [count, size, size, 3]);
    const pixels = readPixels(input);
    const length = size * size * 3;
    return { kind: 'pixels', pictures: Array.from({ length: count }, (_, at) => pixels.subarray(at * length, (at + 1) * length)) }; // prettier-ignore
  }
  throw refused(`there is no input '${input.name}', but '${PHOTOS}' and '${PIXELS}'`);
}

function expectForm({ name, datatype, shape }: Input, type: string, wanted: readonly number[]): void {
  if (datatype !== type) throw refused(`the input '${name}' is ${type}, not ${datatype}`);
  if (shape.join() === wanted.join()) return;
  throw refused(`the input '${name}' is [${wanted.join(', ')}], not [${shape.join(', ')}]`);
}

/** Binary, each has its length before it, in 4 bytes, the lowest first. */
function readFiles({ name, data }: Input, count: number): Uint8Array[] {
  if (!Buffer.isBuffer(data)) return flat(name, data, [count]).map((text) => fromBase64(name, text));
  const files: Uint8Array[] = [];
  let at = 0;
  while (files.length < count && at + 4 <= data.length) {
    const begin = at + 4;
    at = begin + data.readUInt32LE(at);
    files.push(data.subarray(begin, at));
  }
  if (files.length === count && at === data.length) return files;
  throw refused(`the bytes of '${name}' are not ${count} texts with their lengths before them`);
}

function readPixels({ name, shape, data }: Input): Uint8Array {
  const length = shape.reduce((product, side) => product * side, 1);
  if (Buffer.isBuffer(data)) {
    if (data.length === length) return data;
    throw refused(`the input '${name}' has ${data.length} bytes; its shape has ${length}`);
  }
  const values = flat(name, data, shape);
  const wrong = values.find((value) => typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 255); // prettier-ignore
  if (wrong !== undefined) throw refused(`the input '${name}' has the value ${JSON.stringify(wrong)}, not 0 to 255`);
  return Uint8Array.from(values as number[]);
}

function fromBase64(name: string, text: unknown): Uint8Array {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  // What is no base64 is left out in silence by the decoder.
  const strip = (given: string): string => given.replace(/=+$/, '');
  if (typeof text === 'string' && text !== '' && strip(bytes.toString('base64')) === strip(text)) return bytes;
  throw refused(`the input '${name}' has something that is not base64`);
}

/** Values of a tensor that stand in the document, one after the other or nested as its shape is. */
function flat(name: string, data: unknown, shape: readonly number[]): unknown[] {
  const length = shape.reduce((product, side) => product * side, 1);
  if (!Array.isArray(data)) throw refused(`the input '${name}' has no data`);
  const values: unknown[] = data.flat(shape.length - 1);
  if (values.length === length) return values;
  throw refused(`the input '${name}' has ${values.length} values; its shape has ${length}`);
}

function refused(message: string): BusanaError {
  return new BusanaError('USAGE', message, { remedy: 'GET /v2/models/NAME says what the model takes.' });
}
