/** @file The tar that a backup is, written and read entry by entry, each measured and hashed on the way. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Pack } from 'tar-stream';
import { measuring, type Measured } from '../storage/measuring.ts';

/** When all of it has been taken. */
export async function writeEntry(
  pack: Pack,
  name: string,
  content: { readonly stream: Readable; readonly bytes: number },
): Promise<Measured> {
  // prettier-ignore
  const through = measuring();
  // The same whenever it is made.
  const entry = pack.entry({ name, size: content.bytes, mtime: new Date(0) });
  await pipeline(content.stream, through, entry);
  return through.measured();
}

export interface TarEntry {
  readonly name: string;
  /** To be read to its end before the next comes. */
  readonly stream: AsyncIterable<Buffer>;
}

/** @param onBytes told how many bytes of the file have been read @throws Error where it ends before its end */
export async function* readEntries(file: string, onBytes?: (bytes: number) => void): AsyncGenerator<TarEntry> {
  const source = createReadStream(file, { highWaterMark: 2 ** 20 });
  const tar = extract();
  const read = pipeline(source, tar);
  // Whoever reads the entries is told; this promise is looked at when they have ended.
  read.catch(() => undefined);
  for await (const entry of tar) {
    yield { name: entry.header.name, stream: buffersOf(entry) };
    entry.resume();
    onBytes?.(source.bytesRead);
  }
  await read;
}

async function* buffersOf(entry: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of entry) yield chunk as Buffer;
}

/** Ends at a line feed alone: what else readers take for the end of a line may stand in a title. */
export async function* linesIn(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
