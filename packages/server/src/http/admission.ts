/** @file How many requests of a kind are worked on at once, in all and of one sender; the others come again later. */
import { BusanaError } from '@busana/contracts';
import type { onRequestHookHandler } from 'fastify';

export interface AdmissionLimits {
  /** Of everybody. */
  readonly total: number;
  /** Of one address. */
  readonly sender: number;
}

/** A hook for routes that take much memory or work. It throws TOO_MANY_REQUESTS and OVERLOADED. */
export function admission({ total, sender }: AdmissionLimits): onRequestHookHandler {
  const working = new Map<string, number>();
  let all = 0;
  return ({ ip }, reply, done) => {
    const own = working.get(ip) ?? 0;
    if (own >= sender) {
      done(new BusanaError('TOO_MANY_REQUESTS', `${sender} requests of yours are being worked on`));
      return;
    }
    if (all >= total) {
      done(new BusanaError('OVERLOADED', `${total} requests are being worked on`));
      return;
    }
    all += 1;
    working.set(ip, own + 1);
    // Also of a request whose sender has gone away.
    reply.raw.once('close', () => {
      all -= 1;
      const left = working.get(ip)! - 1;
      if (left === 0) working.delete(ip);
      else working.set(ip, left);
    });
    done();
  };
}
