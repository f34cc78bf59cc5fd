/** @file The labels of a batch as inputs of a training step. */
import { tensor, type Graph, type Tensor, type Value } from '@busana/engine';
import type { Head } from './approach.ts';

/** An input per head, int64 `[N]`. */
export function targetInputs(graph: Graph, heads: readonly Head[], batch: number): Value[] {
  return heads.map(({ name }) => graph.input(targetOf(name), 'int64', [batch]));
}

/** @param targets per photo, class of each head */
export function targetFeeds(
  heads: readonly Head[],
  targets: readonly (readonly number[])[],
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    heads.map(({ name }, head) => [
      targetOf(name),
      tensor(
        'int64',
        [targets.length],
        BigInt64Array.from(targets, (photo) => BigInt(photo[head]!)),
      ),
    ]),
  );
}

function targetOf(head: string): string {
  return `target.${head}`;
}
