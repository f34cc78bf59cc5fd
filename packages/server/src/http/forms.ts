/** @file Forms with files, part by part as they come; what is wrong with a form is the sender's to correct. */
import { BusanaError } from '@busana/contracts';
import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { basename } from 'node:path';

/** The largest value of a field that is no file, in bytes. */
const FIELD = 4096;
/** What a form may say as a whole, e.g. the settings of a training; besides two fields a file. */
const SETTINGS = 8;

export type FormPart = MultipartFile | MultipartValue;

/**
 * The limit on a file's size is whoever's who reads it; each has to be read to its end before the next comes.
 * @throws BusanaError USAGE, UPLOAD_TOO_LARGE
 */
export async function* formParts(request: FastifyRequest, files: number): AsyncGenerator<FormPart> {
  const fields = 2 * files + SETTINGS;
  const limits = { files, fields, parts: files + fields, fieldSize: FIELD, fileSize: Infinity };
  const parts = iterator(request, limits);
  for (;;) {
    const next = await parts.next().catch((error: unknown) => Promise.reject(refusal(error, files)));
    if (next.done === true) return;
    yield next.value;
  }
}

function iterator(request: FastifyRequest, limits: NonNullable<Parameters<FastifyRequest['parts']>[0]>['limits']) {
  try {
    return request.parts({ ...(limits && { limits }) });
  } catch (error) {
    throw refusal(error, 0);
  }
}

function refusal(cause: unknown, files: number): BusanaError {
  if (cause instanceof BusanaError) return cause;
  const status = cause instanceof Error && 'statusCode' in cause ? cause.statusCode : undefined;
  if (status === 413) return new BusanaError('UPLOAD_TOO_LARGE', `a form has at most ${files} files`, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BusanaError('USAGE', `the form cannot be read: ${reason}`, { remedy: 'Send the form again.', cause });
}

/** What the sender calls a file; empty when it has no name, which the parser's types do not know of. */
export function fileName({ filename }: { readonly filename?: string | undefined }): string {
  return filename ?? '';
}

/** The same without folders, of whatever system they are. */
export function bareName(part: { readonly filename?: string | undefined }): string {
  return basename(fileName(part).replaceAll('\\', '/'));
}

/** Whether the request is a form with files. */
export function isForm(request: FastifyRequest): boolean {
  return request.isMultipart();
}

/** Refuses by the announced length what would be refused in the middle. @throws BusanaError UPLOAD_TOO_LARGE */
export function expectLength(request: FastifyRequest, limit: number): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) {
    throw new BusanaError('UPLOAD_TOO_LARGE', `the request has ${announced} bytes; ${limit} are the limit`);
  }
}
