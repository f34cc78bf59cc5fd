import { openPhoto } from './decode.ts';

/** What the header of a photo says. */
export interface PhotoHeader {
  /** By the content and not by any name, e.g. `jpeg`. */
  readonly format: string;
  /** In pixels, before the photo is turned upright. */
  readonly width: number;
  readonly height: number;
}

/** Whether bytes are a photo that busana takes, by their header. @throws BusanaError IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
export async function inspectPhoto(bytes: Uint8Array): Promise<PhotoHeader> {
  const { format, width, height } = await openPhoto(bytes);
  return { format, width, height };
}
