/** @file Server-sent events: the state of a piece of work whenever it has changed, up to its end. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';

/** Milliseconds after which a listener hears of work of which there is nothing new. */
const SILENCE = 5000;

/** What tells of changes. */
export interface Changing {
  readonly changed: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly closing: AbortSignal;
}

export interface Followed<T> {
  readonly read: () => Promise<T>;
  readonly ended: (state: T) => boolean;
}

/** Answers with events called `progress`. */
export function follow<T>(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  source: Changing,
  followed: Followed<T>,
): FastifyReply {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  const events = Readable.from(progress(source, followed, gone.signal));
  return reply.type('text/event-stream').header('cache-control', 'no-store').send(events);
}

async function* progress<T>(source: Changing, { read, ended }: Followed<T>, gone: AbortSignal): AsyncGenerator<string> {
  while (!gone.aborted && !source.closing.aborted) {
    const changed = source.changed(SILENCE, gone);
    const state = await read();
    yield `event: progress\ndata: ${JSON.stringify(state)}\n\n`;
    if (ended(state)) return;
    await changed;
  }
}
