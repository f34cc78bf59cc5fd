import { describe, expect, it } from 'vitest';
import { MISSING } from '../../src/data/dataset.ts';
import { targetFeeds } from '../../src/train/targets.ts';

const heads = [
  { name: 'type', classes: 2 },
  { name: 'colour', classes: 3 },
];
const targets = [
  [0, 2],
  [1, 2],
  [1, MISSING],
  [MISSING, 0],
];

describe('the targets of a batch', () => {
  it('are classes where nothing is mixed', () => {
    const feeds = targetFeeds(heads, targets);
    expect(feeds['target.type']).toMatchObject({ type: 'int64', shape: [4] });
    expect([...feeds['target.colour']!.data]).toEqual([2n, 2n, -1n, 0n]);
  });

  it('are shares of both classes of a pair, and nothing where a label is missing on either side', () => {
    const feeds = targetFeeds(heads, targets, { partners: [1, 0, 3, 2], share: 0.75 });
    expect([...feeds['target.type']!.data]).toEqual([0.75, 0.25, 0.25, 0.75, 0, 0, 0, 0]);
    expect([...feeds['target.colour']!.data]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(feeds['target.colour']!.shape).toEqual([4, 3]);
  });

  it('stay certain for a photo that is alone, and sum to 1 for any share', () => {
    const feeds = targetFeeds(heads, targets, { partners: [1, 0, 2, 3], share: 1 / 3 });
    const rows = [...feeds['target.type']!.data].map(Number);
    expect(rows.slice(4)).toEqual([0, 1, 0, 0]);
    for (const row of [0, 1]) expect(rows[2 * row]! + rows[2 * row + 1]!).toBeCloseTo(1, 7);
  });
});
