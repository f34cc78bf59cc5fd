/** @file Small labelled pictures that a network learns in seconds: a shape in a colour on a plain ground. */
import { Random } from '@busana/engine';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const colours = { red: '#c22', blue: '#22c', yellow: '#dc2' } as const;
const shapes = {
  circle: (x: number, y: number) => `<circle cx="${x}" cy="${y}" r="9"/>`,
  bar: (x: number, y: number) => `<rect x="${x - 4}" y="${y - 12}" width="8" height="24"/>`,
} as const;

export interface DrawnOptions {
  readonly count: number;
  readonly seed?: number;
}

/** `train/` and `train.csv` with `id,shape,colour`, every combination equally often. */
export async function drawShapes(folder: string, { count, seed = 0 }: DrawnOptions): Promise<void> {
  await mkdir(join(folder, 'train'), { recursive: true });
  const shapeNames = Object.keys(shapes) as (keyof typeof shapes)[];
  const colourNames = Object.keys(colours) as (keyof typeof colours)[];
  const rows = ['id,shape,colour'];
  for (let index = 0; index < count; index += 1) {
    const random = Random.of(seed, 'shapes', index);
    const shape = shapeNames[index % shapeNames.length]!;
    const colour = colourNames[Math.floor(index / shapeNames.length) % colourNames.length]!;
    const [x, y] = [random.uniform(14, 26), random.uniform(14, 26)];
    const ground = random.integer(190, 245);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="rgb(${ground},${ground},${ground})"/><g fill="${colours[colour]}" transform="rotate(${random.uniform(-20, 20)} ${x} ${y})">${shapes[shape](x, y)}</g></svg>`;
    await sharp(Buffer.from(svg))
      .png()
      .toFile(join(folder, 'train', `${index + 1}.png`));
    rows.push(`${index + 1},${shape},${colour}`);
  }
  await writeFile(join(folder, 'train.csv'), `${rows.join('\n')}\n`);
}
