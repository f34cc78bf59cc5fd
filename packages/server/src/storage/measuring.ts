import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

export interface Measured {
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/**
 * Passes bytes on. `measured` is what has passed, and is asked once.
 * @param refuse what is wrong with so many bytes, if anything: the stream then fails of it
 */
export function measuring(
  refuse: (bytes: number) => Error | undefined = () => undefined,
): Transform & { readonly measured: () => Measured } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      const wrong = refuse(bytes);
      if (wrong === undefined) done(null, chunk);
      else done(wrong);
    },
  });
  return Object.assign(through, { measured: () => ({ bytes, sha256: hash.digest('hex') }) });
}
