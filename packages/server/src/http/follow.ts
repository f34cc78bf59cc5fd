/** @file Server-sent events: the state of a piece of work whenever it has changed, up to its end. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { Changes } from '../jobs/changes.ts';

/** Milliseconds after which a listener hears of work of which there is nothing new. */
const SILENCE = 5000;

export interface Followed<T> {
  readonly read: () => Promise<T>;
  readonly ended: (state: T) => boolean;
}

/** Answers with events called `progress`. */
export function follow<T>(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  changes: Changes,
  followed: Followed<T>,
): FastifyReply {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  const events = Readable.from(progress(changes, followed, gone.signal));
  return reply.type('text/event-stream').header('cache-control', 'no-store').send(events);
}

async function* progress<T>(changes: Changes, { read, ended }: Followed<T>, gone: AbortSignal): AsyncGenerator<string> {
  let [told, when] = ['', 0];
  while (!gone.aborted && !changes.closing.aborted) {
    const changed = changes.changed(gone);
    const state = await read();
    const text = JSON.stringify(state);
    if (text !== told || performance.now() - when > SILENCE) {
      yield `event: progress\ndata: ${text}\n\n`;
      [told, when] = [text, performance.now()];
    }
    if (ended(state)) return;
    await changed;
  }
}
