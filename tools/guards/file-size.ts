import type { Guard } from './guard.ts';

/** Lines a source file may have; beyond that it holds more than one idea. */
export const largest = 400;

/** No giant source files. Generated fixtures and documents are not source. */
export const fileSize: Guard = {
  name: 'file size',
  check: (files) =>
    files
      .filter(({ path }) => /\.(tsx?|js|cjs|mjs|py|css)$/.test(path))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > largest)
      .map(({ path, lines }) => ({ path, message: `${lines} lines, at most ${largest}: split it` })),
};
