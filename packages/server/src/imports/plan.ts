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
 * Photos that are tied stay together, in their order; the others are filled up. What comes first goes first.
 * @param photos in the order of their positions @returns positions per job, each in order
 */
export function batchesOf(photos: Iterable<Tied>, size = BATCH): number[][] {
  const groups = groupsOf(photos);
  const batches: number[][] = [];
  let open: number[] = [];
  for (const group of groups) {
    if (open.length > 0 && open.length + group.length > size) {
      batches.push(open);
      open = [];
    }
    open = [...open, ...group];
  }
  if (open.length > 0) batches.push(open);
  return batches.map((batch) => batch.sort((a, b) => a - b));
}

/** Photos that hang together, the group of the first photo first. */
export function groupsOf(photos: Iterable<Tied>): number[][] {
  const first = new Map<string, number>();
  const parent = new Map<number, number>();
  const rootOf = (position: number): number => {
    let root = position;
    for (let next = parent.get(root); next !== undefined; next = parent.get(root)) root = next;
    if (root !== position) parent.set(position, root);
    return root;
  };
  const positions: number[] = [];
  for (const { position, ties } of photos) {
    positions.push(position);
    for (const tie of ties) {
      const known = first.get(tie);
      if (known === undefined) {
        first.set(tie, position);
        continue;
      }
      const [a, b] = [rootOf(known), rootOf(position)];
      if (a !== b) parent.set(Math.max(a, b), Math.min(a, b));
    }
  }
  const groups = new Map<number, number[]>();
  for (const position of positions) {
    const root = rootOf(position);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [position]);
    else group.push(position);
  }
  return [...groups.values()];
}

/** A person who waits for ten photos goes before a million that nobody waits for. */
export function priorityOf(photos: number): number {
  if (photos <= 64) return 30;
  if (photos <= 1000) return 20;
  return photos <= 10_000 ? 10 : 0;
}

/** Jobs of one kind over all these batches. */
export function jobsOf(
  kind: 'receive' | 'predict',
  id: number,
  { queue, batches, total }: { queue: string; batches: readonly (readonly number[])[]; total: number },
): NewJob[] {
  return batches.map((positions) => ({
    queue,
    work: { kind, import: id, positions: [...positions] },
    priority: priorityOf(total),
  }));
}
