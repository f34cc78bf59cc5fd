/** @file Requests with a photo each: no two photos have the same bytes, so that every one has to be looked at. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export class PhotoRequests {
  readonly #host: string;
  readonly #photos: readonly Buffer[];
  #made = 0;

  private constructor(host: string, photos: readonly Buffer[]) {
    this.#host = host;
    this.#photos = photos;
  }

  /** @param folder of JPEGs; they are taken in turn */
  static async of(address: string, folder: string): Promise<PhotoRequests> {
    const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name));
    if (names.length === 0) throw new Error(`${folder} has no JPEGs`);
    return new PhotoRequests(
      new URL(address).host,
      await Promise.all(names.map((name) => readFile(join(folder, name)))),
    );
  }

  /** The next one, for `POST /api/v1/predict`: a form with one file, as a browser sends it. */
  next(): Buffer {
    const number = (this.#made += 1);
    const photo = this.#photos[number % this.#photos.length]!;
    const begin = `--load\r\nContent-Disposition: form-data; name="photo"; filename="${number}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
    // What comes after the end of a JPEG is no part of the picture.
    const mark = Buffer.alloc(8);
    mark.writeDoubleLE(number + performance.timeOrigin);
    const parts = [Buffer.from(begin), photo, mark, Buffer.from('\r\n--load--\r\n')];
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const head = `POST /api/v1/predict HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: multipart/form-data; boundary=load\r\nContent-Length: ${length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), ...parts]);
  }
}
