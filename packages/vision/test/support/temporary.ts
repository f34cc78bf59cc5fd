import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';

/** A folder with these files that is gone when the test is. */
export async function folderWith(files: Readonly<Record<string, Uint8Array | string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'busana-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** A small JPEG: a light square at a place that the number decides, on a dark ground. */
export function jpeg(number = 0): Promise<Buffer> {
  const [x, y] = [(number * 7) % 24, (number * 5) % 24];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="32" height="32" fill="#223"/><rect x="${x}" y="${y}" width="9" height="7" fill="#dc8"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg().toBuffer();
}

/** `train/1.jpg` to `train/<count>.jpg`. */
export async function trainPhotos(count: number): Promise<Record<string, Buffer>> {
  const photos = Array.from({ length: count }, async (_, index) => {
    return [`train/${index + 1}.jpg`, await jpeg(index)] as const;
  });
  return Object.fromEntries(await Promise.all(photos));
}
