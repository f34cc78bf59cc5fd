import { Random } from '@busana/engine';
import sharp from 'sharp';
import type { Picture } from '../image/picture.ts';
import { expose } from './camera.ts';
import { softStroke } from './cloth.ts';
import type { ColourName } from './colours.ts';
import type { GarmentType } from './cut.ts';
import { drawGarment } from './garment.ts';
import { present } from './presentation.ts';
import { banner, scene } from './scene.ts';

/** What the photo shows: the labels. */
export interface Subject {
  readonly type: GarmentType;
  readonly colour: ColourName;
}

/**
 * One product photo.
 * @param size side in pixels
 * @param keys name of the stream of randomness; equal keys give equal pixels
 */
export async function takePhoto(subject: Subject, size: number, keys: readonly (number | string)[]): Promise<Picture> {
  const { data, info } = await sharp(Buffer.from(compose(subject, size, keys)))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const picture = { width: info.width, height: info.height, data: new Uint8Array(data) };
  expose(picture, Random.of(...keys, 'camera'));
  return picture;
}

/**
 * Where the garment is in the photo of the same subject, size and keys, hood and prints included, what stands before it
 * (a face, a banner) too: 1 there and 0 elsewhere, `[size * size]`.
 */
export async function garmentShape(
  subject: Subject,
  size: number,
  keys: readonly (number | string)[],
): Promise<Uint8Array> {
  const { definitions, placed, garment } = arrange(subject, keys);
  const svg = canvas(size, definitions, `<g transform="${placed}">${garment.drawing}</g>`);
  const opacity = await sharp(Buffer.from(svg)).extractChannel('alpha').raw().toBuffer();
  return Uint8Array.from(opacity, (value) => (value >= 128 ? 1 : 0));
}

/** The photo as SVG, `size` pixels wide and high. */
function compose(subject: Subject, size: number, keys: readonly (number | string)[]): string {
  const { definitions, placed, garment, stand } = arrange(subject, keys);
  const { behind, front } = present(garment, subject.colour, Random.of(...keys, 'presentation'));
  const shadow = { x: stand.uniform(-9, 9), y: stand.uniform(2, 11), opacity: stand.uniform(0.12, 0.42) };
  const laidOver = stand.chance(0.16) ? banner(Random.of(...keys, 'banner')) : '';
  return canvas(
    size,
    definitions,
    `${scene(subject.colour, Random.of(...keys, 'scene'))}
<g transform="${placed}">
<g transform="translate(${shadow.x} ${shadow.y})" stroke-linejoin="round" fill="#000" fill-opacity="${shadow.opacity / 4}">${softStroke(garment.silhouette, 7, '#000', shadow.opacity)}</g>
${behind}${garment.drawing}${front}
</g>
${laidOver}`,
  );
}

/** The garment, where it is put, and the stream that goes on to lay its shadow. */
function arrange(subject: Subject, keys: readonly (number | string)[]) {
  const garment = drawGarment(subject.type, subject.colour, keys);
  const stand = Random.of(...keys, 'stand');
  const scale = stand.uniform(0.88, 1.1) * (stand.chance(0.04) ? 1.15 : 1);
  const turn = stand.chance(0.85) ? stand.normal(0, 3) : stand.uniform(-16, 16);
  const placed = `translate(${stand.normal(0, 6)} ${stand.normal(8, 6)}) rotate(${turn}) scale(${scale})`;
  return { garment, placed, stand, definitions: garment.definitions };
}

function canvas(size: number, definitions: string, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="-200 -200 400 400">
<defs>${definitions}</defs>
${content}</svg>`;
}
