/** @file `npm run build:wasm`: the WebAssembly modules of the sources, from their text form. */
import { readFile, writeFile } from 'node:fs/promises';
import { compileText } from './compile.ts';

for (const name of ['../../packages/vision/src/image/enlarge']) {
  const source = new URL(`${name}.wat`, import.meta.url);
  const target = new URL(`${name}.wasm`, import.meta.url);
  await writeFile(target, await compileText(source.pathname, await readFile(source, 'utf8')));
}
