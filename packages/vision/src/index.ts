/** The public surface of the library. */
export { analyzeDataset } from './analyze/analyze.ts';
export { analysisLines } from './analyze/lines.ts';
export { writeAnalysis } from './analyze/write-analysis.ts';
export { loadModel, type Model } from './artifact/model.ts';
export { openDataset, type DatasetOptions } from './data/open.ts';
export { readImageBytes } from './data/bytes.ts';
export { findDuplicateGroups } from './data/duplicates.ts';
export { demo } from './demo.ts';
export { examine } from './doctor.ts';
export { describeArchitectures } from './models/describe.ts';
export { evaluateModel } from './predict/evaluate-model.ts';
export { predict } from './predict/predict.ts';
export { compare } from './train/compare.ts';
export type { Listener, RunEvent } from './train/events.ts';
export { train } from './train/train.ts';
export { drawWardrobe } from './wardrobe/draw-wardrobe.ts';
