/**
 * @file The golden check: a small picture with the tensor it must become and the answers it must get. Preprocessing
 * that drifts between training and serving is the commonest complaint about exported models; a runtime that prepares
 * or computes differently notices when it loads the file instead of in production.
 */
import { BusanaError, type Golden } from '@busana/contracts';
import { Random, tensor, type Session } from '@busana/engine';
import sharp from 'sharp';
import { preparePicture } from '../image/resize.ts';

const WIDTH = 48;
const HEIGHT = 40;
const SAMPLES = 64;
/** uint8 steps a resize may differ by: decoders agree on PNG, and rounding differs by one at most. */
const TENSOR_TOLERANCE = 1;
/** Outputs may differ by this between runtimes and processors, unless the file says otherwise. */
const OUTPUT_TOLERANCE = 1e-3;

/** A picture with edges, gradients and every colour in it, the same on every machine. */
async function goldenPicture(): Promise<Uint8Array> {
  const random = Random.of('golden picture');
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const at = (y * WIDTH + x) * 3;
      const inside = Math.abs(x - WIDTH / 2) < 14 && y > 8;
      data[at] = inside ? 200 : (x * 255) / WIDTH;
      data[at + 1] = inside ? 40 : (y * 255) / HEIGHT;
      data[at + 2] = random.integer(60, 120);
    }
  }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
}

/** Answers of a session to pictures. @param images uint8 `[N, size, size, 3]` */
export type Answer = (images: Uint8Array, count: number) => Promise<Record<string, Float32Array>>;

export async function makeGolden(size: number, answer: Answer): Promise<Golden> {
  const picture = await goldenPicture();
  const { data } = await preparePicture(picture, size);
  const random = Random.of('golden positions', size);
  const positions = Array.from({ length: SAMPLES }, () => random.integer(0, data.length - 1));
  const outputs = Object.entries(await answer(data, 1)).map(([name, values]) => [name, Array.from(values)] as const);
  return {
    picture: Buffer.from(picture).toString('base64'),
    tensor: { positions, values: positions.map((position) => data[position]!) },
    outputs: Object.fromEntries(outputs),
  };
}

/** @throws BusanaError MODEL_INVALID saying what differs and by how much */
export async function checkGolden(file: string, size: number, golden: Golden, answer: Answer): Promise<void> {
  const { data } = await preparePicture(Buffer.from(golden.picture, 'base64'), size);
  const { positions, values } = golden.tensor;
  const worst = Math.max(...positions.map((position, index) => Math.abs((data[position] ?? 0) - values[index]!)));
  if (worst > TENSOR_TOLERANCE) {
    throw failed(file, `this machine prepares the test picture differently: by ${worst} of 255`);
  }
  const outputs = await answer(data, 1);
  for (const [name, expected] of Object.entries(golden.outputs)) {
    const found = outputs[name];
    const difference = Math.max(...expected.map((value, index) => Math.abs(value - (found?.[index] ?? Infinity))));
    if (!(difference <= (golden.tolerance?.[name] ?? OUTPUT_TOLERANCE))) {
      throw failed(file, `the output '${name}' for the test picture differs by ${difference.toPrecision(3)}`);
    }
  }
}

function failed(file: string, what: string): BusanaError {
  return new BusanaError('MODEL_INVALID', `${file} fails its golden check: ${what}`, {
    remedy: 'The file is damaged, or this runtime computes it wrongly; do not trust its answers.',
  });
}

/** Answers of a session whose outputs are float32, by output name. */
export function sessionAnswer(session: Session, size: number): Answer {
  return async (images, count) => {
    const outputs = await session.run({ image: tensor('uint8', [count, size, size, 3], images) });
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { data }]) => [name, Float32Array.from(data as Float32Array)]),
    );
  };
}
