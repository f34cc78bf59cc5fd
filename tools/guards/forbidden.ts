import type { Finding, Guard } from './guard.ts';

/** What must not stand in any file, and why. Each pattern is written so that it does not match itself. */
const forbidden: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/\bas\s+unknown\s+as\b/, 'a type escape: parse or narrow instead'],
  [/@ts-(ignore|nocheck)/, 'a type escape: correct the types instead'],
  [/\b(it|test|describe|suite|bench)(\.\w+)*\.only\(/, 'a focused test hides all others'],
  [/\b(it|test|describe|suite|bench)(\.\w+)*\.skip\(/, 'a disabled test: use skipIf with the condition, or remove it'],
  [/\bx(it|describe)\(/, 'a disabled test: use skipIf with the condition, or remove it'],
  [/(^|[\s"'`(=:])\/(work|home|root|Users)\//, 'a path of one machine'],
  [/\b[A-Z]:\\Users\\/, 'a path of one machine'],
  [/\b(registry|npm|pypi|mirror)[.-][\w.-]+\.(org|com|net|io|internal|local)\b/, 'the host of a package registry'],
  [/\bTODO\b|\bFIXME\b/, 'an open end: do it, or describe it in an issue'],
];

/** Words that are never right, in any tracked text file but the lock file. */
export const forbiddenWords: Guard = {
  name: 'forbidden words',
  check: (files) =>
    files
      .filter(({ path }) => path !== 'package-lock.json')
      .flatMap(({ path, text }) => text.split('\n').flatMap((line, index) => inLine(path, line, index + 1))),
};

function inLine(path: string, text: string, line: number): Finding[] {
  return forbidden.flatMap(([pattern, reason]) => {
    const match = pattern.exec(text)?.[0].trim();
    return match === undefined ? [] : [{ path, line, message: `'${match}' is ${reason}` }];
  });
}
