/** @file Expected gradients, as shap's GradientExplainer. */
import { BusanaError } from '@busana/contracts';
import { Random } from '@busana/engine';
import type { EngineOptions } from '../../engine-options.ts';
import { askAbout } from '../ask.ts';
import type { Method } from '../method.ts';
import { outputNamed } from '../places.ts';
import { compileSeededGradient, type SeededGradient } from '../seeded-gradient.ts';
import { stopWhenAborted } from '../stop.ts';
import { openInside, type Inside, type Subject } from '../subject.ts';
import type { Target } from '../target.ts';

/** Points of the paths that are differentiated at once. */
const BATCH = 4;

/**
 * E over background photos b and points t in [0, 1] of (x - b) dY/dx at b + t (x - b) (Erion et al. 2021, equation 3):
 * Shapley values of Aumann and Shapley, averaged over what the photo is compared with. Points are spread evenly along
 * each path, one at random in each stretch, where the original draws all of them independently: the mean is the same, the
 * error smaller.
 */
export const shap: Method = {
  description: 'expected gradients against background photos, pixel by pixel; our models in float32',
  source: "Erion et al. 2021, arXiv:1906.10670; shap's GradientExplainer",
  samples: 200,
  needsBackground: true,
  async open(model, { samples, seed, background, ...engine }) {
    const { subject, inside } = await openInside(model, engine, () => []);
    const photos = await background(subject.size);
    const gradient = await fromPhoto(inside, subject, engine);
    const bases = new Map<string, number>();
    return {
      subject,
      async explain({ picture, targets, onProgress, signal }) {
        await learnBases(subject, photos, targets, bases);
        const points = pointsOf(photos.length, samples, seed);
        const rounds = points.length / BATCH;
        const sums = targets.map(() => new Float64Array(picture.length));
        for (let round = 0; round < rounds; round += 1) {
          const some = points.slice(round * BATCH, (round + 1) * BATCH);
          const at = between(picture, photos, some);
          for (const [index, target] of targets.entries()) {
            stopWhenAborted(signal);
            addProducts(sums[index]!, await gradient.run(at, target), picture, photos, some);
          }
          onProgress?.(round + 1, rounds);
        }
        return targets.map((target, index) => ({
          values: Float32Array.from(sums[index]!, (sum) => sum / points.length),
          channels: 3,
          base: bases.get(keyOf(target))!,
        }));
      },
      async release() {
        await gradient.release();
        await subject.release();
      },
    };
  },
};

/** One point of one path from a background photo to the photo. */
interface Point {
  readonly background: number;
  /** 0 at the background, 1 at the photo. */
  readonly share: number;
}

/** A whole number of batches, not fewer than asked for, all backgrounds in turn. */
export function pointsOf(backgrounds: number, samples: number, seed: number): Point[] {
  if (backgrounds === 0) throw new BusanaError('USAGE', 'shap has no background photos to compare with');
  const random = Random.of(seed, 'shap points');
  let stretches = Math.ceil(samples / backgrounds);
  while ((stretches * backgrounds) % BATCH !== 0) stretches += 1;
  return Array.from({ length: backgrounds }, (_, background) =>
    Array.from({ length: stretches }, (_, at): Point => ({ background, share: (at + random.uniform()) / stretches })),
  ).flat();
}

async function fromPhoto({ graph, attributes }: Inside, { size }: Subject, engine: EngineOptions): Promise<SeededGradient> {
  const scores = new Map(attributes.map(({ name }) => [name, outputNamed(graph, name)] as const));
  const shape = [BATCH, size, size, 3];
  return compileSeededGradient({ graph, from: graph.inputs[0]!, shape, scores }, engine);
}

/** Float32 `[points, size, size, 3]`. */
function between(picture: Uint8Array, photos: readonly Uint8Array[], points: readonly Point[]): Float32Array {
  const result = new Float32Array(points.length * picture.length);
  points.forEach(({ background, share }, point) => {
    const start = point * picture.length;
    const photo = photos[background]!;
    for (let at = 0; at < picture.length; at += 1) {
      result[start + at] = photo[at]! + share * (picture[at]! - photo[at]!);
    }
  });
  return result;
}

function addProducts(
  sums: Float64Array,
  gradient: Float32Array,
  picture: Uint8Array,
  photos: readonly Uint8Array[],
  points: readonly Point[],
): void {
  points.forEach(({ background }, point) => {
    const start = point * picture.length;
    const photo = photos[background]!;
    for (let at = 0; at < picture.length; at += 1) sums[at]! += gradient[start + at]! * (picture[at]! - photo[at]!);
  });
}

/** The mean output over the background, for targets that it is not known of yet. */
async function learnBases(
  subject: Subject,
  photos: readonly Uint8Array[],
  targets: readonly Target[],
  known: Map<string, number>,
): Promise<void> {
  const fresh = targets.filter((target) => !known.has(keyOf(target)));
  if (fresh.length === 0) return;
  const outputs = await askAbout(subject, fresh, photos.length, (at, into) => into.set(photos[at]!));
  fresh.forEach((target, index) => {
    known.set(keyOf(target), outputs.reduce((sum, row) => sum + row[index]!, 0) / outputs.length);
  });
}

function keyOf({ attribute, index }: Target): string {
  return `${attribute}/${index}`;
}
