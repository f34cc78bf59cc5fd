/** @file Which photos of an import are one job: such that jobs can be done at once, in any order, and all come to the same. */
import type { NewJob } from '../jobs/work.ts';

/** Photos of a job: some seconds of work. */
export const BATCH = 64;

/** What photos have in common that must not be worked at in two places. */
export interface Tied {
  readonly position: number;
  /** The same file, the same number or the same key: whoever shares one of them is in the same job. */
  readonly ties: readonly string[];
}

/**
 * Groups stay together; small ones are filled up. What comes first goes first.
 * @param groups in the order of their first photos @returns positions per job, each in order
 */
export function* batchesOf(groups: Iterable<ArrayLike<number>>, size = BATCH): Generator<number[]> {
  let open: number[] = [];
  for (const group of groups) {
    if (open.length > 0 && open.length + group.length > size) {
      yield open.sort((a, b) => a - b);
      open = [];
    }
    for (let at = 0; at < group.length; at += 1) open.push(group[at]!);
  }
  if (open.length > 0) yield open.sort((a, b) => a - b);
}

/** Photos that hang together, the group of the first photo first. @param photos in the order of their positions */
export function groupsOf(photos: readonly Tied[]): number[][] {
  const first = new Map<string, number>();
  const bonds = new Bonds(photos.length);
  photos.forEach(({ ties }, at) => {
    bonds.add(at);
    for (const tie of ties) {
      const known = first.get(tie);
      if (known === undefined) first.set(tie, at);
      else bonds.tie(at, known);
    }
  });
  return Array.from(bonds.groups(), (group) => Array.from(group, (at) => photos[at]!.position));
}

/** What hangs together of millions, by their numbers alone (union-find): 16 bytes each, and no more. */
export class Bonds {
  /** One that is nearer to the first of its group, or itself; -1 for what is not there. */
  readonly #towards: Int32Array;

  /** @param size numbers are below it */
  constructor(size: number) {
    this.#towards = new Int32Array(size).fill(-1);
  }

  add(number: number): void {
    this.#towards[number] = number;
  }

  /** @param one of those that were added, as the other */
  tie(one: number, other: number): void {
    const [a, b] = [this.#first(one), this.#first(other)];
    this.#towards[Math.max(a, b)] = Math.min(a, b);
  }

  /** In the order of their first numbers, each in order. */
  *groups(): Generator<Int32Array> {
    const towards = this.#towards;
    const ends = new Int32Array(towards.length + 1);
    for (let at = 0; at < towards.length; at += 1) if (towards[at] !== -1) ends[this.#first(at) + 1]! += 1;
    for (let at = 0; at < towards.length; at += 1) ends[at + 1]! += ends[at]!;
    // Of each first number where its group begins, and in the end where it ends, which is where the next one begins.
    const members = new Int32Array(ends.at(-1)!);
    for (let at = 0; at < towards.length; at += 1) if (towards[at] !== -1) members[ends[this.#first(at)]!++] = at;
    for (let at = 0, begin = 0; at < towards.length; at += 1) {
      if (towards[at] === at) yield members.subarray(begin, ends[at]);
      begin = ends[at]!;
    }
  }

  #first(number: number): number {
    const towards = this.#towards;
    let at = number;
    while (towards[at] !== at) {
      towards[at] = towards[towards[at]!]!;
      at = towards[at]!;
    }
    return at;
  }
}

/** A person who waits for ten photos goes before a million that nobody waits for. */
export function priorityOf(photos: number): number {
  if (photos <= 64) return 30;
  if (photos <= 1000) return 20;
  return photos <= 10_000 ? 10 : 0;
}

/** Jobs of one kind over all these batches. */
export function* jobsOf(
  kind: 'receive' | 'predict',
  id: number,
  { queue, batches, total }: { queue: string; batches: Iterable<readonly number[]>; total: number },
): Generator<NewJob> {
  for (const positions of batches) {
    yield { queue, work: { kind, import: id, positions: [...positions] }, priority: priorityOf(total) };
  }
}
