import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The model that comes with busana; undefined where it is not installed. */
export async function shippedModel(): Promise<string | undefined> {
  const file = fileURLToPath(new URL('../../../../models/garments.onnx', import.meta.url));
  try {
    await access(file);
    return file;
  } catch {
    return undefined;
  }
}
