export { expectClose, largestDifference, type Difference } from './closeness.ts';
export { checkGradient, type GradientCheck } from './gradient-check.ts';
