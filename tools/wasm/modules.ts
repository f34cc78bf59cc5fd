const compiled = [
  '../../packages/engine/src/optim/kernels',
  '../../packages/vision/src/image/enlarge',
  '../../packages/server/src/search/vectors',
];

/** The WebAssembly modules of the sources: their text, and where the module of it lies. */
export const modules = compiled.map((name) => ({
  source: new URL(`${name}.wat`, import.meta.url),
  target: new URL(`${name}.wasm`, import.meta.url),
}));
