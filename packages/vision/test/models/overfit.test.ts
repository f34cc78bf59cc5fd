import { describe, it } from 'vitest';
import { learnByHeart, type Learner } from './learning.ts';

/** One of each kind; overfit.slow.ts has the others. */
const learners: readonly Learner[] = [
  { model: 'cnn' },
  { model: 'resnet18' },
  { model: 'deit_tiny', learningRate: 5e-4 },
  { model: 'yolo11n-cls' },
];

describe('eight random pictures', () => {
  it.each(learners)('are learnt by heart by $model', learnByHeart);
});
