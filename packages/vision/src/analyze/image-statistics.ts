import type { ImageStatistics, Spread } from '@busana/contracts';
import { extname } from 'node:path';
import sharp from 'sharp';
import { readImageBytes } from '../data/bytes.ts';
import type { Photo } from '../data/dataset.ts';

/** Extensions that each real format goes by; formats that are not listed are never called misnamed. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  jpeg: ['.jpg', '.jpeg', '.jpe', '.jfif'],
  png: ['.png'],
  gif: ['.gif'],
  webp: ['.webp'],
  tiff: ['.tif', '.tiff'],
  heif: ['.avif', '.heic', '.heif'],
};

/**
 * What the files really are, from their headers. Names without an extension are never called misnamed.
 * @param photos readable ones
 */
export async function imageStatistics(photos: readonly Photo[]): Promise<ImageStatistics> {
  const widths: number[] = [];
  const heights: number[] = [];
  const sizes: number[] = [];
  const formats: Record<string, number> = {};
  const misnamed: ImageStatistics['misnamed'] = [];
  for (const { name, location } of photos) {
    const bytes = await readImageBytes(location);
    const { format, width, height } = await sharp(bytes).metadata();
    widths.push(width);
    heights.push(height);
    sizes.push(bytes.length);
    formats[format] = (formats[format] ?? 0) + 1;
    const extension = extname(name).toLowerCase();
    if (extension !== '' && EXTENSIONS[format]?.includes(extension) === false) misnamed.push({ name, format });
  }
  return {
    images: photos.length,
    formats: Object.fromEntries(Object.entries(formats).sort(([a], [b]) => a.localeCompare(b))),
    misnamed,
    width: spread(widths),
    height: spread(heights),
    bytes: spread(sizes),
  };
}

function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    min: sorted[0]!,
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    max: sorted.at(-1)!,
  };
}
