import type { Guard } from './guard.ts';

/** Where every package of the lock file must come from, so that an install works for everyone. */
const origin = /^https:\/\/registry\.npmjs\.org\//;

/** The lock file names the public registry and nothing else: no mirror of one machine. */
export const lockFile: Guard = {
  name: 'lock file',
  check: (files) =>
    files
      .filter(({ path }) => path === 'package-lock.json')
      .flatMap(({ path, text }) =>
        text.split('\n').flatMap((line, index) => {
          const address = /"resolved": "(https?:[^"]+)"/.exec(line)?.[1];
          return address === undefined || origin.test(address)
            ? []
            : [{ path, line: index + 1, message: `'${address}' is not the public registry` }];
        }),
      ),
};
