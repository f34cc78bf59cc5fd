/** @file The real EfficientNet-Lite files against what PyTorch reads from them; skipped where they are not at hand. */
import { sizeOf } from '@busana/engine';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readWeights } from '../../src/weights/read.ts';
import { sharedData } from '../support/shared-data.ts';
import { json } from './fixtures.ts';

const tensorSchema = z.object({
  shape: z.array(z.int()),
  first: z.array(z.number()),
  sum: z.number(),
  /** Each number times its position: tells an order from another. */
  weighted: z.number(),
});
const { files } = z
  .object({
    files: z.record(
      z.string(),
      z.object({ tensors: z.int(), numbers: z.int(), chosen: z.record(z.string(), tensorSchema) }),
    ),
  })
  .parse(json('efficientnet-lite.json'));

describe.skipIf(sharedData === undefined)('the EfficientNet-Lite files', () => {
  it.each(Object.entries(files))(
    '%s has the tensors that PyTorch reads',
    async (name, { tensors, numbers, chosen }) => {
      const weights = await readWeights(join(sharedData ?? '', '..', 'models', `${name}.pth`));
      expect(weights.size).toBe(tensors);
      expect([...weights.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(numbers);
      for (const [key, { shape, first, sum, weighted }] of Object.entries(chosen)) {
        const { data, ...found } = weights.get(key)!;
        const values = Array.from<number | bigint, number>(data, Number);
        expect(found).toMatchObject({ type: 'float32', shape });
        expect(values.slice(0, first.length)).toEqual(first);
        expect(closeTo(total(values), sum, total(values.map(Math.abs)))).toBe(true);
        const moment = values.map((value, at) => value * at);
        expect(closeTo(total(moment), weighted, total(moment.map(Math.abs)))).toBe(true);
      }
    },
  );
});

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Equal but for the order in which a million doubles are added. */
function closeTo(found: number, wanted: number, scale: number): boolean {
  return Math.abs(found - wanted) <= 1e-10 * scale;
}
