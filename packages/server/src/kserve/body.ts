/**
 * @file Bodies of the protocol: a JSON document, after which binary tensors may follow in the order in which it names
 * them (the protocol's extension for binary tensor data).
 */
import { BusanaError } from '@busana/contracts';
import { z } from 'zod';

/** How long the document is, where something follows. */
export const HEADER_LENGTH = 'inference-header-content-length';

const tensorsSchema = z.looseObject({
  inputs: z.array(z.looseObject({ parameters: z.looseObject({ binary_data_size: z.unknown() }).optional() })),
});

/**
 * The document, each binary tensor as the `Buffer` of its bytes in its `data`.
 * @param length of the document, as the header says it; undefined where the document is all
 * @throws BusanaError USAGE
 */
export function readBody(body: Buffer, length: string | undefined): unknown {
  if (length === undefined) return parse(body);
  const end = Number(length);
  if (!/^\d{1,10}$/.test(length) || end > body.length) {
    throw refused(`the header ${HEADER_LENGTH} says '${length}'; the body has ${body.length} bytes`);
  }
  const document = parse(body.subarray(0, end));
  const { success, data } = tensorsSchema.safeParse(document);
  // What is wrong with it is told by the schema of the route.
  if (!success) return document;
  let at = end;
  const inputs = data.inputs.map((input) => {
    const size = input.parameters?.binary_data_size;
    if (size === undefined) return input;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > body.length - at) {
      throw refused(`binary_data_size is ${JSON.stringify(size)}, and ${body.length - at} bytes are left`);
    }
    return { ...input, data: body.subarray(at, (at += size)) };
  });
  if (at !== body.length) throw refused(`${body.length - at} bytes are left after the last tensor`);
  return { ...data, inputs };
}

/** A document, and the tensors that follow it. */
export function writeBody(document: unknown, tensors: readonly Uint8Array[]): { body: Buffer; length: number } {
  const header = Buffer.from(JSON.stringify(document));
  return { body: Buffer.concat([header, ...tensors]), length: header.length };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw refused(`the document is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function refused(message: string): BusanaError {
  return new BusanaError('USAGE', message, { remedy: 'See docs/reference/http.md for the forms that are taken.' });
}
