/** @file One way to ask the server: whatever comes back passes a schema, whatever fails says what to do. */
import { errorAnswerSchema } from '@busana/contracts';
import type { z } from 'zod';

/** A failure as the server tells it, or one of the way to it (`UNREACHABLE`, `ANSWER_INVALID`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly remedy: string;
  readonly problems: readonly string[];

  constructor(code: string, message: string, remedy = '', problems: readonly string[] = []) {
    super(message);
    this.code = code;
    this.remedy = remedy;
    this.problems = problems;
  }
}

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

interface Request {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  /** Sent as JSON; a form is sent as it is. */
  readonly body?: object;
  readonly signal?: AbortSignal;
}

export function addressOf(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) for (const each of [value].flat()) parameters.append(name, String(each));
  }
  const text = parameters.toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

/** @throws ApiError */
export async function ask<S extends z.ZodType>(schema: S, path: string, request: Request = {}): Promise<z.output<S>> {
  const response = await send(path, request);
  const answer = await schema.safeParseAsync(await json(response));
  if (!answer.success) {
    const [first] = answer.error.issues;
    throw new ApiError('ANSWER_INVALID', `${path}: ${first?.path.join('.') ?? ''} ${first?.message ?? ''}`);
  }
  return answer.data;
}

/** A file to be kept. @throws ApiError */
export async function askFile(path: string, request: Request = {}): Promise<Blob> {
  return (await send(path, request)).blob();
}

/** For texts, e.g. a model card. @throws ApiError */
export async function askText(path: string, request: Request = {}): Promise<string> {
  return (await send(path, request)).text();
}

async function send(path: string, { method = 'GET', query, body, signal }: Request): Promise<Response> {
  const form = body instanceof FormData;
  const response = await fetch(addressOf(path, query), {
    method,
    ...(signal && { signal }),
    ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
    ...(body !== undefined && !form && { headers: { 'content-type': 'application/json' } }),
  }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new ApiError('UNREACHABLE', cause instanceof Error ? cause.message : String(cause));
  });
  if (response.ok) return response;
  const told = errorAnswerSchema.safeParse(await json(response));
  if (!told.success) throw new ApiError('ANSWER_INVALID', `${path}: ${response.status} ${response.statusText}`);
  const { code, message, details } = told.data.error;
  throw new ApiError(code, message, details.remedy, details.problems);
}

async function json(response: Response): Promise<unknown> {
  return response.json().catch(() => undefined);
}
