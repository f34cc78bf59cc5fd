import { expect, it } from 'vitest';
import { withoutTwins } from '../../src/evaluate/twins.ts';

it('counts each group once, and none that was trained on too', () => {
  // Photos 0 and 1 are copies in one fold, 2 and 3 in two folds, 4 has a copy that was trained on; 6 is like no other.
  const groupOf = [0, 0, 2, 2, 4, 4, 6];
  const judged = { photos: [0, 1, 2, 3, 4, 6], folds: [1, 1, 1, 2, 1, 2] };
  expect(withoutTwins(judged, groupOf)).toEqual([true, false, false, false, false, true]);
});
