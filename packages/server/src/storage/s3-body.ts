/** @file The whole of an object, however often the connection breaks while it comes. */
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

/** Asks for the object from a byte on, as long as it is the one with this tag. */
export type GetFrom = (from: number, tag?: string) => Promise<GetObjectCommandOutput>;

/** Milliseconds before the first attempt to go on; twice as long each time. */
const PAUSE = 100;

/**
 * The client asks again until there is an answer, but an answer that ends before its end is nobody's but ours.
 * @param first the answer that has begun
 * @throws what the last attempt has failed of, when so many in a row have brought nothing
 */
export async function* wholeBody(
  first: GetObjectCommandOutput,
  get: GetFrom,
  { bytes, attempts }: { readonly bytes: number; readonly attempts: number },
): AsyncGenerator<Uint8Array> {
  let come = 0;
  let failures = 0;
  for (let answer: GetObjectCommandOutput | undefined = first; ;) {
    try {
      answer ??= await get(come, first.ETag);
      for await (const chunk of bodyOf(answer)) {
        come += chunk.length;
        failures = 0;
        yield chunk;
      }
      if (come === bytes) return;
      throw new Error(`it ended after ${come} of ${bytes} bytes`);
    } catch (error) {
      failures += 1;
      if (failures >= attempts || come >= bytes) throw error;
      await setTimeout(PAUSE * 2 ** (failures - 1) * (0.5 + Math.random() / 2));
      answer = undefined;
    }
  }
}

async function* bodyOf({ Body: body }: GetObjectCommandOutput): AsyncGenerator<Buffer> {
  if (!(body instanceof Readable)) throw new Error('there is no body in the answer');
  for await (const chunk of body) yield chunk as Buffer;
}
