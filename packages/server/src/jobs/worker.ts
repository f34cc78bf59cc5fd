/** @file A worker: takes jobs and does them, shows that it is alive, and takes over from those that are not. */
import { BusanaError } from '@busana/contracts';
import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Orm } from '../database/open.ts';
import { ofStorage } from '../storage/of-storage.ts';
import { following, traced } from '../tracing/spans.ts';
import { isAway } from '../database/away.ts';
import { beat, leave, Watch, type WorkerIdentity } from './liveness.ts';
import type { JobQueue } from './queue.ts';
import { workSchema, type Job, type Work } from './work.ts';

export interface Doing {
  /** Aborted when it has to stop: what is left is somebody else's, or nobody's. */
  readonly signal: AbortSignal;
  /** How often it has been tried before. */
  readonly tried: number;
}

/** What became of a job: done, with what is written in the same transaction; or left, for somebody else. */
export type Done =
  { readonly also?: (orm: Orm) => Promise<void>; readonly after?: () => void | Promise<void> } | 'left';

export interface Handlers {
  readonly handle: (work: Work, doing: Doing) => Promise<Done>;
  /** Whether anybody still wants it. */
  readonly wanted: (work: Work) => Promise<boolean>;
}

export interface WorkerOptions {
  readonly orm: Orm;
  readonly queue: JobQueue;
  readonly handlers: Handlers;
  /** Names of queues that are worked at side by side; those in one place one after the other. */
  readonly queues: readonly (readonly string[])[];
  /** Jobs of each queue at once; default 1. */
  readonly concurrency?: number;
  /** Told of what should not fail, e.g. a database that does not answer. */
  readonly onFailure: (error: unknown) => void;
  /** Told of each job that has come to an end here. */
  readonly onJob?: (job: Job, how: 'done' | 'failed' | 'left', milliseconds: number) => void;
  /** Milliseconds between two beats, default 1000; one that is silent for eight is dead. */
  readonly pulse?: number;
}

const PULSE = 1000;
const SILENCE = 8;
/** Milliseconds until an empty queue is looked at again; nobody waits so long for what is added in this process. */
const LOOK = 1000;
/** Milliseconds until what has failed is tried again. */
const PATIENCE = 500;
/** Beats between two cleanings of the tables. */
const TIDY = 600;

interface Running {
  readonly job: Job;
  readonly work: Work;
  /** Aborted when nobody wants it any more, and when the worker is closed. */
  readonly stop: AbortController;
  wanted: boolean;
}

export class Worker {
  readonly #options: WorkerOptions;
  readonly #identity: WorkerIdentity;
  readonly #watch: Watch;
  readonly #pulse: number;
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #closing = new AbortController();
  readonly #running = new Map<string, Running>();
  /** When it stands in the database, or is closed before. */
  readonly #known = promise();
  #ends: Promise<void>[] = [];
  #heart: Promise<void> | undefined;
  #calls = 0;
  #failing = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { queues, concurrency = 1, pulse = PULSE } = options;
    this.#identity = { id: randomUUID(), host: hostname(), pid: process.pid, queues: queues.flat(), concurrency };
    this.#pulse = pulse;
    this.#watch = new Watch(pulse * SILENCE);
  }

  get id(): string {
    return this.#identity.id;
  }

  start(): void {
    if (this.#heart !== undefined) return;
    const { queues, concurrency = 1 } = this.#options;
    this.#heart = this.#live();
    this.#ends = queues.flatMap((names) => Array.from({ length: concurrency }, () => this.#work(names)));
  }

  /** There is something new to do, or something that nobody wants any more. */
  wake(): void {
    this.#calls += 1;
    this.#events.emit('wake');
  }

  /** When the jobs at hand are done, or handed back. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const { stop } of this.#running.values()) stop.abort();
    this.#known.resolve();
    this.wake();
    await Promise.all(this.#ends);
    await this.#heart;
    // A database that does not answer is told by others that this worker is silent.
    if (this.#heart !== undefined) await leave(this.#options.orm, this.id).catch(() => undefined);
  }

  async #live(): Promise<void> {
    const { orm, queue } = this.#options;
    const { signal } = this.#closing;
    // It goes on while jobs are brought to an end.
    for (let beats = 0; !signal.aborted || this.#running.size > 0; beats += 1) {
      await this.#trying(async () => {
        const before = [...this.#running.values()];
        const own = await beat(orm, this.#identity);
        this.#known.resolve();
        for (const running of before) {
          if (own.has(running.job.id) && (await this.#options.handlers.wanted(running.work))) continue;
          running.wanted = false;
          running.stop.abort();
        }
        await this.#watch.sweep(orm, queue);
        if (beats % TIDY === TIDY - 1) await queue.tidy();
      });
      await this.#called(this.#pulse);
    }
  }

  /** When somebody wakes it, or after so many milliseconds. */
  #called(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#events.off('wake', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#events.once('wake', done);
    });
  }

  async #work(names: readonly string[]): Promise<void> {
    const { signal } = this.#closing;
    // Whoever is not known takes nothing.
    await this.#known.promise;
    for (let turn = 0; !signal.aborted; turn += 1) {
      const calls = this.#calls;
      const job = await this.#claim(names, turn);
      if (job !== undefined) await this.#trying(() => this.#perform(job));
      else if (calls === this.#calls && !signal.aborted) await this.#called(LOOK);
    }
  }

  /** Of several queues each is the first in its turn. */
  async #claim(names: readonly string[], turn: number): Promise<Job | undefined> {
    for (const at of names.keys()) {
      const job = await this.#trying(() => this.#options.queue.claim(this.id, names[(at + turn) % names.length]!));
      if (job !== undefined) return job;
    }
    return undefined;
  }

  async #perform(job: Job): Promise<void> {
    const { queue, handlers, onJob } = this.#options;
    const begin = performance.now();
    const told = (how: 'done' | 'failed' | 'left') => onJob?.(job, how, performance.now() - begin);
    const read = workSchema.safeParse(job.data);
    if (!read.success) {
      await this.#settle(() => queue.fail(this.id, job, `nobody knows what it means: ${read.error.message}`));
      return told('failed');
    }
    // No AbortSignal.any() with that of closing, which would keep some 70 bytes of every job until then (Node.js 20).
    const stop = new AbortController();
    const running: Running = { job, work: read.data, stop, wanted: true };
    this.#running.set(job.id, running);
    if (this.#closing.signal.aborted) stop.abort();
    try {
      const attributes = { 'busana.job': job.id, 'busana.tried': job.tried };
      const done = await following(job.trace, () =>
        traced(`job ${read.data.kind}`, attributes, async () => {
          const done = await handlers.handle(read.data, { signal: stop.signal, tried: job.tried });
          // What nobody wants is done; what somebody else has is not this worker's to settle, which the queue knows.
          if (done === 'left' && running.wanted) await this.#settle(() => queue.handBack(this.id, job));
          else await this.#settle(() => queue.complete(this.id, job, done === 'left' ? undefined : done.also));
          return done;
        }),
      );
      if (done !== 'left') await done.after?.();
      told(done === 'left' ? 'left' : 'done');
    } catch (error) {
      await this.#failed(running, error);
      told('failed');
    } finally {
      this.#running.delete(job.id);
      if (this.#closing.signal.aborted) this.wake();
    }
  }

  async #failed({ job, wanted }: Running, error: unknown): Promise<void> {
    const { queue, onFailure } = this.#options;
    const interrupted = error instanceof BusanaError && error.code === 'INTERRUPTED';
    if (!wanted) return this.#settle(() => queue.complete(this.id, job));
    if (interrupted && this.#closing.signal.aborted) return this.#settle(() => queue.handBack(this.id, job));
    // It is not the job's fault that the storage is away or a disk full, nor that the database is.
    if (ofStorage(error)) {
      onFailure(error);
      await pause(PATIENCE, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      return this.#settle(() => queue.handBack(this.id, job));
    }
    if (isAway(error)) return this.#settle(() => queue.handBack(this.id, job));
    onFailure(error);
    return this.#settle(() => queue.fail(this.id, job, error instanceof Error ? error.message : String(error)));
  }

  /** A job has its end in the database, as soon as that answers. */
  async #settle(end: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await end();
      } catch (error) {
        // Whoever is asked to end does not wait: the job is taken over by others.
        if (!isAway(error) || this.#closing.signal.aborted) throw error;
        await pause(PATIENCE);
      }
    }
  }

  /** @returns undefined when it failed, which is told once in a row */
  async #trying<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      this.#failing = false;
      return result;
    } catch (error) {
      if (!this.#failing) this.#options.onFailure(error);
      this.#failing = true;
      await pause(PATIENCE, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      return undefined;
    }
  }
}

function promise(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  return { promise: new Promise<void>((done) => (resolve = done)), resolve: () => resolve() };
}
