/** @file Models made of models: averages over members, and over a photo and its mirror image. */
import { BusanaError } from '@busana/contracts';
import type { EngineOptions } from '../engine-options.ts';
import { loadModel, type Model } from './model.ts';

export interface ModelSelection extends EngineOptions {
  /** Model files or run folders; several are averaged. */
  readonly models: readonly string[];
  /** Test-time augmentation: the mirrored photo counts as well. */
  readonly mirror?: boolean;
}

/** @throws BusanaError MODEL_NOT_FOUND, MODEL_INVALID, CONFIG_INVALID when the members do not belong together */
export async function loadModels({ models, mirror = false, ...engine }: ModelSelection): Promise<Model> {
  const members: Model[] = [];
  try {
    for (const path of models) members.push(await loadModel(path, engine));
    const joined = members.length === 1 ? members[0]! : averaged(members);
    return mirror ? withMirror(joined) : joined;
  } catch (error) {
    await Promise.all(members.map((member) => member.release()));
    throw error;
  }
}

/**
 * Calibrated probabilities averaged over models of the same attributes, each asked with pictures of its own size.
 * Thresholds and the embedding, by which unknown photos are told, are the first model's.
 */
function averaged(members: readonly Model[]): Model {
  const [first] = members as [Model];
  const { attributes } = first.metadata['busana.schema'];
  for (const member of members) expectSameAttributes(first, member);
  const sizes = [...new Set(members.flatMap((member) => member.sizes))];
  return {
    file: members.map(({ file }) => file).join(','),
    metadata: {
      ...first.metadata,
      'busana.provenance': {
        ...first.metadata['busana.provenance'],
        name: members.map(({ metadata }) => metadata['busana.provenance'].name).join('+'),
      },
    },
    sizes,
    async answer(images, count) {
      const answers: Record<string, Float32Array>[] = [];
      for (const member of members) {
        const own = member.sizes.map((size) => images[sizes.indexOf(size)]!);
        answers.push(await member.answer(own, count));
      }
      const averages = attributes.map(({ name }) => [name, mean(answers.map((answer) => answer[name]!))] as const);
      return { ...Object.fromEntries(averages), embedding: answers[0]!['embedding']! };
    },
    release: async () => void (await Promise.all(members.map((member) => member.release()))),
  };
}

/** @throws BusanaError CONFIG_INVALID when two models cannot be put side by side */
export function expectSameAttributes(first: Model, other: Model): void {
  const [a, b] = [first, other].map(({ metadata }) => JSON.stringify(metadata['busana.schema'].attributes.map(codes)));
  if (a === b) return;
  throw new BusanaError('CONFIG_INVALID', `${other.file} has other attributes than ${first.file}`, {
    remedy: 'Take models that were trained on the same attributes.',
  });
}

/** Every output averaged over the photo and its mirror image. */
function withMirror(model: Model): Model {
  return {
    ...model,
    async answer(images, count) {
      const straight = await model.answer(images, count);
      const views = images.map((pictures, index) => mirrored(pictures, model.sizes[index]!));
      const turned = await model.answer(views, count);
      return Object.fromEntries(
        Object.entries(straight).map(([name, values]) => [name, mean([values, turned[name]!])] as const),
      );
    },
  };
}

/** Left and right exchanged. @param images uint8 `[N, size, size, 3]` */
function mirrored(images: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(images.length);
  const width = size * 3;
  for (let row = 0; row < images.length; row += width) {
    for (let left = 0; left < width; left += 3) {
      result.set(images.subarray(row + left, row + left + 3), row + width - 3 - left);
    }
  }
  return result;
}

function mean(arrays: readonly Float32Array[]): Float32Array {
  return Float32Array.from(
    { length: arrays[0]!.length },
    (_, index) => arrays.reduce((sum, values) => sum + values[index]!, 0) / arrays.length,
  );
}

function codes({ name, values }: { readonly name: string; readonly values: readonly { readonly code: string }[] }) {
  return [name, ...values.map(({ code }) => code)];
}
