export * from './attributes.ts';
export * from './errors.ts';
export * from './metrics.ts';
export * from './training.ts';
