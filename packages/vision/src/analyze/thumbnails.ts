import sharp from 'sharp';
import { readImageBytes } from '../data/bytes.ts';
import type { Photo } from '../data/dataset.ts';
import { openPhoto, pixels } from '../image/decode.ts';
import type { ReportPicture } from '../report/sections.ts';

/** Side of a photo in a report, in pixels; shown at half of it on sharp screens. */
const SIDE = 224;
const GAP = 8;

/** Photos, one above the other, as one picture. @throws BusanaError IMAGE_UNREADABLE */
export async function thumbnail(photos: readonly Photo[], caption: string): Promise<ReportPicture> {
  const parts: Buffer[] = [];
  for (const { location } of photos) {
    const photo = await openPhoto(await readImageBytes(location));
    const pipeline = photo.pipeline.resize(SIDE, SIDE, { fit: 'contain', background: 'white', kernel: 'cubic' });
    const { data, width, height } = await pixels({ ...photo, pipeline });
    parts.push(await sharp(data, { raw: { width, height, channels: 3 } }).png().toBuffer()); // prettier-ignore
  }
  const jpeg = await sharp({
    create: {
      width: SIDE,
      height: parts.length * (SIDE + GAP) - GAP,
      channels: 3,
      background: '#808080',
    },
  })
    .composite(parts.map((input, index) => ({ input, left: 0, top: index * (SIDE + GAP) })))
    .jpeg({ quality: 80 })
    .toBuffer();
  return { jpeg, caption };
}
