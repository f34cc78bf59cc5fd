import { BusanaError } from '@busana/contracts';

export interface DownloadLimits {
  /** Bytes at most; default 50 MiB. */
  readonly bytes?: number;
  /** Seconds from the request to the last byte; default 30. */
  readonly seconds?: number;
}

/** Fetches a photo within limits of size and time. @throws BusanaError IMAGE_UNREADABLE with the reason */
export async function download(
  address: string,
  { bytes = 50 * 2 ** 20, seconds = 30 }: DownloadLimits = {},
): Promise<Uint8Array> {
  const refuse = (what: string, cause?: unknown): BusanaError =>
    new BusanaError('IMAGE_UNREADABLE', `${address}: ${what}`, { cause });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(seconds * 1000) });
    if (!response.ok || response.body === null) throw refuse(`the server answers ${response.status}`);
    // Counted as they come: a server may send more than it says.
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > bytes) throw refuse(`it is larger than ${bytes} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof BusanaError) throw cause;
    const late = cause instanceof Error && cause.name === 'TimeoutError';
    throw refuse(late ? `it took longer than ${seconds} seconds` : 'it cannot be fetched', cause);
  }
  return Buffer.concat(chunks);
}
