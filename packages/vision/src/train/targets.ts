/** @file The labels of a batch as inputs of a training step: classes, or probabilities where photos are mixed. */
import { tensor, type Graph, type Tensor, type Value } from '@busana/engine';
import type { Mix } from '../batches/mix.ts';
import { MISSING } from '../data/dataset.ts';
import type { Head } from './approach.ts';

/** An input per head: int64 `[N]`, or float32 `[N, classes]` where photos are mixed. */
export function targetInputs(graph: Graph, heads: readonly Head[], batch: number, mixed: boolean): Value[] {
  return heads.map(({ name, classes }) =>
    mixed ? graph.input(targetOf(name), 'float32', [batch, classes]) : graph.input(targetOf(name), 'int64', [batch]),
  );
}

/**
 * @param targets per photo, class of each head
 * @param mix how the photos were mixed, if they were
 */
export function targetFeeds(
  heads: readonly Head[],
  targets: readonly (readonly number[])[],
  mix?: Mix,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    heads.map(({ name, classes }, head) => {
      const ofHead = targets.map((photo) => photo[head]!);
      return [targetOf(name), mix === undefined ? classTargets(ofHead) : mixedTargets(ofHead, classes, mix)];
    }),
  );
}

function classTargets(targets: readonly number[]): Tensor {
  return tensor('int64', [targets.length], BigInt64Array.from(targets, BigInt));
}

/** share x the photo's class + (1 - share) x its partner's; zeros, which is no label, where either is missing. */
function mixedTargets(targets: readonly number[], classes: number, { partners, share }: Mix): Tensor {
  const rows = new Float32Array(targets.length * classes);
  targets.forEach((target, photo) => {
    const other = targets[partners[photo]!]!;
    if (target === MISSING || other === MISSING) return;
    // A photo and a partner of its class add up to 1 exactly, which rounded shares need not.
    if (target === other) {
      rows[photo * classes + target] = 1;
      return;
    }
    rows[photo * classes + target] = share;
    rows[photo * classes + other] = 1 - share;
  });
  return tensor('float32', [targets.length, classes], rows);
}

function targetOf(head: string): string {
  return `target.${head}`;
}
