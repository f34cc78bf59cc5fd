/** @file Loads: as much as a server takes, and as much as somebody decides. */
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { Connections, Reply } from './connections.ts';

/** What became of the requests of a phase. */
export interface Outcome {
  readonly seconds: number;
  /** Requests by status; 0: no answer. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Milliseconds to the answers 200, ascending. */
  readonly accepted: readonly number[];
  /** Milliseconds to all others, ascending. */
  readonly others: readonly number[];
  /** Milliseconds that the generator was late to send, ascending. */
  readonly late: readonly number[];
}

class Tally {
  readonly #begin = performance.now();
  readonly #statuses = new Map<number, number>();
  readonly #accepted: number[] = [];
  readonly #others: number[] = [];
  readonly late: number[] = [];

  count({ status }: Reply, milliseconds: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    (status === 200 ? this.#accepted : this.#others).push(milliseconds);
  }

  end(seconds = (performance.now() - this.#begin) / 1000): Outcome {
    const sorted = (values: number[]): number[] => values.toSorted((one, other) => one - other);
    const [accepted, others, late] = [this.#accepted, this.#others, this.late].map(sorted) as [
      number[],
      number[],
      number[],
    ];
    return { seconds, statuses: this.#statuses, accepted, others, late };
  }
}

/** So many requests under way at any moment: the next is sent when one is answered. For capacity, not for latency. */
export async function saturate(
  connections: Connections,
  next: () => Buffer,
  atOnce: number,
  seconds: number,
): Promise<Outcome> {
  const tally = new Tally();
  const end = performance.now() + 1000 * seconds;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) {
        const begin = performance.now();
        tally.count(await connections.ask(next()), performance.now() - begin);
      }
    }),
  );
  return tally.end();
}

/**
 * So many requests a second, sent when it is their time whatever has become of those before; latency counts from then on,
 * also where the generator itself is late. Otherwise a server that stops for a second has one slow request in its books
 * instead of all that should have come (coordinated omission: G. Tene, How NOT to Measure Latency, 2013).
 */
export async function steady(
  connections: Connections,
  next: () => Buffer,
  rate: number,
  seconds: number,
): Promise<Outcome> {
  const tally = new Tally();
  const asked: Promise<void>[] = [];
  const begin = performance.now();
  for (let number = 0; number < rate * seconds; number += 1) {
    const due = begin + (1000 * number) / rate;
    for (let left = due - performance.now(); left > 0; left = due - performance.now()) await setTimeout(left);
    tally.late.push(performance.now() - due);
    asked.push(connections.ask(next()).then((reply) => tally.count(reply, performance.now() - due)));
  }
  await Promise.all(asked);
  return tally.end(seconds);
}

/** @param share 0..1 of ascending values @returns NaN where there are none */
export function quantile(values: readonly number[], share: number): number {
  return values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? NaN;
}
