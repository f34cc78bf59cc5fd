/** @file Failures as answers: every one has a code of the one table, what to do, and the id of the request. */
import { BusanaError, errorTable, type ErrorCode } from '@busana/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isAway } from '../database/away.ts';

/** What Fastify refuses before there is a route: addresses that cannot be read, or with parts of more than 100 characters. */
export function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void send(request, reply, asBusanaError(error));
}

export function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, new BusanaError('ROUTE_NOT_FOUND', `there is nothing at ${request.method} ${request.url}`)),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const failure = asBusanaError(error);
    if (errorTable[failure.code].status >= 500) request.log.error({ err: error }, failure.message);
    return send(request, reply, failure);
  });
}

/** What the server itself refuses, by the status it would answer with. */
const refusals: Readonly<Record<number, ErrorCode>> = {
  400: 'USAGE',
  404: 'ROUTE_NOT_FOUND',
  413: 'UPLOAD_TOO_LARGE',
  414: 'USAGE',
  415: 'MEDIA_TYPE_UNSUPPORTED',
  429: 'TOO_MANY_REQUESTS',
  503: 'OVERLOADED',
};

/** What may succeed later, and after how many seconds: a full queue takes about as long. */
const retried: ReadonlySet<ErrorCode> = new Set([
  'TOO_MANY_REQUESTS',
  'OVERLOADED',
  'DATABASE_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
]);
const RETRY = 2;

/** Values that PostgreSQL refuses: of class 22, data exceptions (PostgreSQL 15, appendix A). */
const unkeepable: ReadonlySet<string> = new Set(['22003', '22021', '22P02', '22P05']);

function databaseCode({ cause }: Error): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function asBusanaError(error: FastifyError): BusanaError {
  if (error instanceof BusanaError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map(({ instancePath, message = 'is wrong' }) => {
      const where = `${error.validationContext ?? 'request'}${instancePath.replaceAll('/', '.')}`;
      return { file: where, message };
    });
    return new BusanaError('USAGE', 'the request is not as documented', {
      problems,
      remedy: 'See /api/v1/openapi.json for what it takes.',
    });
  }
  if (unkeepable.has(databaseCode(error))) {
    return new BusanaError('USAGE', 'the request has a character or a number that the database cannot keep', {
      remedy: 'Leave out characters without a form, such as U+0000.',
      cause: error,
    });
  }
  if (isAway(error)) {
    return new BusanaError('DATABASE_UNAVAILABLE', 'the database does not answer', {
      remedy: 'Try again in a moment; what was sent before is not lost.',
      cause: error,
    });
  }
  const code = refusals[error.statusCode ?? 500];
  if (code !== undefined) return new BusanaError(code, error.message, { cause: error });
  // What it was stands in the log; an answer tells nothing of the inside.
  return new BusanaError('INTERNAL', 'something failed that should not', {
    remedy: 'Try again; the log of the server has more under this request id.',
    cause: error,
  });
}

/** Failures there have the form of the protocol. */
const inferenceAddress = /^\/v2([/?]|$)/;

function send(request: FastifyRequest, reply: FastifyReply, { code, message, remedy, problems }: BusanaError) {
  if (retried.has(code)) void reply.header('retry-after', RETRY);
  // Nobody reads the rest of what is too large.
  if (code === 'UPLOAD_TOO_LARGE') void reply.header('connection', 'close');
  const told = problems.map(({ file, row, message }) => `${file}${row === undefined ? '' : `:${row}`}: ${message}`);
  if (inferenceAddress.test(request.url)) {
    // The protocol has one text for all.
    const error = [message, ...told, remedy].join('; ');
    return reply.status(errorTable[code].status).type('application/json').send(JSON.stringify({ error }));
  }
  return reply
    .status(errorTable[code].status)
    .type('application/json')
    .send(JSON.stringify({ error: { code, message, details: { remedy, problems: told }, requestId: request.id } }));
}
