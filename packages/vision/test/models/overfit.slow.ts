import { describe, it } from 'vitest';
import { learnByHeart, type Learner } from './learning.ts';

const learners: readonly Learner[] = [
  { model: 'resnet50', attention: 'none' },
  { model: 'resnet50', attention: 'se' },
  { model: 'resnet50', attention: 'eca' },
  { model: 'resnet50', attention: 'cbam' },
  { model: 'mobilenet_v2', attention: 'none' },
  { model: 'efficientnet_lite0', attention: 'none' },
];

describe('eight random pictures', () => {
  it.each(learners)('are learnt by heart by $model with attention $attention', learnByHeart);
});
