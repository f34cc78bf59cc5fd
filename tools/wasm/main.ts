/** @file `npm run build:wasm`: the WebAssembly modules of the sources, from their text form. */
import { readFile, writeFile } from 'node:fs/promises';
import { compileText } from './compile.ts';
import { modules } from './modules.ts';

for (const { source, target } of modules) {
  await writeFile(target, await compileText(source.pathname, await readFile(source, 'utf8')));
}
