export * from './attributes.ts';
export * from './errors.ts';
export * from './metrics.ts';
export * from './training.ts';
export * from './artifact.ts';
export * from './prediction.ts';
export * from './comparison.ts';
export * from './analysis.ts';
