import { fileURLToPath } from 'node:url';
import { isThere } from '../output/read.ts';

/** Where it lies in a published package, and in a clone. */
const places = ['../../models/garments.onnx', '../../../../models/garments.onnx'];

/** The model that comes with busana; undefined where it is not installed. */
export async function shippedModel(): Promise<string | undefined> {
  for (const place of places) {
    const file = fileURLToPath(new URL(place, import.meta.url));
    if (await isThere(file)) return file;
  }
  return undefined;
}
