/**
 * @file Requests for predictions are let in while an answer comes in time, and sent away at once, before their body is
 * read, when it would not: whoever waits longer than he cares to has the server work for nobody.
 */
import { BusanaError } from '@busana/contracts';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { senderOf } from '../access/guard.ts';
import type { Pace } from '../predictions/pace.ts';

export interface WaitingLimits {
  /** Milliseconds that a request may have to wait for those before it. */
  readonly wait: number;
  /** Share of that which the photos of one sender may take, 0..1. */
  readonly share: number;
}

interface Entry {
  readonly sender: string;
  photos: number;
  answered: boolean;
}

/** Bytes of a photo before any has come. */
const UNKNOWN = 100_000;
/** Photos of one request, as far as its length tells. */
const MOST = 64;

export class WaitingLine {
  readonly #pace: Pace;
  readonly #limits: WaitingLimits;
  readonly #entries = new WeakMap<FastifyRequest, Entry>();
  readonly #senders = new Map<string, number>();
  /** Bytes of a photo, of the last requests. */
  #bytes = UNKNOWN;

  constructor(pace: Pace, limits: WaitingLimits) {
    this.#pace = pace;
    this.#limits = limits;
  }

  /** For routes that ask the model. It throws TOO_MANY_REQUESTS and OVERLOADED. */
  readonly admit: onRequestHookHandler = (request, reply, done) => {
    const { wait, share } = this.#limits;
    const sender = senderOf(request);
    const own = (this.#senders.get(sender) ?? 0) * this.#pace.milliseconds;
    if (own >= wait * share) {
      done(new BusanaError('TOO_MANY_REQUESTS', `photos of yours that take ${seconds(own)} are being worked on`));
      return;
    }
    if (this.#pace.wait >= wait) {
      done(new BusanaError('OVERLOADED', `photos that take ${seconds(this.#pace.wait)} are waiting already`));
      return;
    }
    const length = Number(request.headers['content-length'] ?? 0);
    const photos = Math.min(MOST, Math.max(1, Math.round(length / this.#bytes)));
    const entry = { sender, photos, answered: false };
    this.#entries.set(request, entry);
    this.#count(entry, photos);
    // Also of a request whose sender has gone away.
    reply.raw.once('close', () => {
      this.#pace.leave(entry.photos, entry.answered);
      this.#add(sender, -entry.photos);
    });
    done();
  };

  /** How many photos a request has turned out to have; they will be answered. */
  counted(request: FastifyRequest, photos: number): void {
    const entry = this.#entries.get(request);
    if (entry === undefined || photos === 0) return;
    this.#count(entry, photos - entry.photos);
    entry.photos = photos;
    entry.answered = true;
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > 0) this.#bytes += (length / photos - this.#bytes) / 16;
  }

  #count({ sender }: Entry, photos: number): void {
    this.#pace.enter(photos);
    this.#add(sender, photos);
  }

  #add(sender: string, photos: number): void {
    const left = (this.#senders.get(sender) ?? 0) + photos;
    if (left === 0) this.#senders.delete(sender);
    else this.#senders.set(sender, left);
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
