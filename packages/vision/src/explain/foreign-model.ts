/** @file ONNX models of other makers: one picture in, scores per class out. */
import { BusanaError, type Attribute } from '@busana/contracts';
import { createSession, tensor, type Port, type Session, type Tensor } from '@busana/engine';
import { basename } from 'node:path';
import { sessionOptions, type EngineOptions } from '../engine-options.ts';
import { normalisations } from '../image/tensor.ts';
import type { Answer, Subject } from './subject.ts';

/** Side of the input where the model leaves it open. */
const USUAL_SIZE = 224;

/** How pictures are fed: bytes as they are, or normalised planes as torchvision's and timm's models take them. */
interface Intake {
  readonly size: number;
  /** Pictures at once, where the model says how many; undefined: any number. */
  readonly batch: number | undefined;
  readonly feed: (pictures: Uint8Array, count: number) => Tensor;
}

/**
 * Opens a model that takes uint8 `[N, H, W, 3]`, or float32 `[N, 3, H, W]` normalised by ImageNet's mean and deviation,
 * and answers with float32 `[N, classes]`. Each output counts as an attribute whose classes are called by their numbers;
 * its scores are explained as they come, probabilities or not.
 * @throws BusanaError MODEL_INVALID naming what does not fit
 */
export async function openForeignModel(bytes: Uint8Array, file: string, engine: EngineOptions): Promise<Subject> {
  const session = await open(bytes, file, engine);
  try {
    const [input] = session.inputs;
    const refuse = (what: string): BusanaError =>
      new BusanaError('MODEL_INVALID', `${file} cannot be explained: ${what}`);
    if (session.inputs.length !== 1 || input === undefined)
      throw refuse(`it has ${session.inputs.length} inputs, not one`);
    const intake = intakeOf(input);
    if (intake === undefined) {
      const form = `${input.type} [${input.shape.join(', ')}]`;
      throw refuse(`its input is ${form}, neither uint8 [N, H, H, 3] nor float32 [N, 3, H, H]`);
    }
    const attributes = session.outputs.flatMap(attributeOf);
    if (attributes.length === 0)
      throw refuse('none of its outputs is float32 [N, classes] with a known number of classes');
    return {
      name: basename(file).replace(/\.onnx$/, ''),
      size: intake.size,
      attributes,
      probabilities: false,
      answer: (pictures, count) => answer(session, input.name, intake, pictures, count),
      release: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function open(bytes: Uint8Array, file: string, engine: EngineOptions): Promise<Session> {
  try {
    return await createSession(bytes, sessionOptions(engine));
  } catch (cause) {
    throw new BusanaError('MODEL_INVALID', `${file} is refused by the runtime`, { cause });
  }
}

function intakeOf({ type, shape }: Port): Intake | undefined {
  if (shape.length !== 4) return undefined;
  const [batch, ...rest] = shape;
  const planes = type === 'float32' && (rest[0] === 3 || typeof rest[0] === 'string');
  if (!planes && !(type === 'uint8' && rest[2] === 3)) return undefined;
  const [height, width] = (planes ? rest.slice(1) : rest.slice(0, 2)).map((side) =>
    typeof side === 'number' && side > 0 ? side : USUAL_SIZE,
  );
  if (height !== width) return undefined;
  const size = height!;
  return {
    size,
    batch: typeof batch === 'number' && batch > 0 ? batch : undefined,
    feed: (pictures, count) =>
      planes
        ? tensor('float32', [count, 3, size, size], normalisedPlanes(pictures, count, size))
        : tensor('uint8', [count, size, size, 3], pictures),
  };
}

/** uint8 `[count, size, size, 3]` -> float32 `[count, 3, size, size]`. */
function normalisedPlanes(pictures: Uint8Array, count: number, size: number): Float32Array {
  const { scale, mean, deviation } = normalisations.imagenet;
  const area = size * size;
  const planes = new Float32Array(count * 3 * area);
  for (let at = 0; at < pictures.length; at += 1) {
    const channel = (at % 3) as 0 | 1 | 2;
    const pixel = Math.floor(at / 3);
    const photo = Math.floor(pixel / area);
    planes[(photo * 3 + channel) * area + (pixel % area)] =
      (pictures[at]! * scale - mean[channel]) / deviation[channel];
  }
  return planes;
}

function attributeOf({ name, type, shape }: Port): Attribute[] {
  const [, classes] = shape;
  if (type !== 'float32' || shape.length !== 2 || typeof classes !== 'number' || name === 'embedding') return [];
  const values = Array.from({ length: classes }, (_, index) => ({ code: String(index), names: {}, aliases: [] }));
  return [{ name, titles: {}, kind: 'other', values }];
}

/** Asked in the batches that the model takes; the last one is filled up with zeros. */
async function answer(
  session: Session,
  input: string,
  { size, batch, feed }: Intake,
  pictures: Uint8Array,
  count: number,
): Promise<Answer> {
  const step = batch ?? count;
  const length = size * size * 3;
  const parts: Record<string, Tensor>[] = [];
  for (let start = 0; start < count; start += step) {
    const some = new Uint8Array(step * length);
    some.set(pictures.subarray(start * length, Math.min(count, start + step) * length));
    parts.push(await session.run({ [input]: feed(some, step) }));
  }
  const names = session.outputs.filter(({ type }) => type === 'float32').map(({ name }) => name);
  return Object.fromEntries(
    names.map((name) => {
      const data = parts.flatMap((part) => Array.from(part[name]!.data as Float32Array));
      return [name, Float32Array.from(data.slice(0, (data.length / (parts.length * step)) * count))] as const;
    }),
  );
}
