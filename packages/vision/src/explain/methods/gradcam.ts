/** @file Grad-CAM and Grad-CAM++: the maps of the last layer with places, weighed by what the class gains from each. */
import { BusanaError } from '@busana/contracts';
import type { Value } from '@busana/engine';
import type { EngineOptions } from '../../engine-options.ts';
import { enlargeMap, meanMap, mirroredMap, type PlaceMap } from '../maps.ts';
import type { Method } from '../method.ts';
import { lastMapOf, logitsOf } from '../places.ts';
import { compileSeededGradient, type SeededGradient } from '../seeded-gradient.ts';
import { stopWhenAborted } from '../stop.ts';
import { openInside, type Inside } from '../open-subject.ts';
import type { Target } from '../target.ts';

/**
 * Weight of a channel, from the gradient of the class at its places and its values there.
 * @param gradients one per place, @param values likewise
 */
type Weigh = (gradients: readonly number[], values: readonly number[]) => number;

/** alpha_k = mean over places of dY / dA_k (Selvaraju et al. 2017, equation 1). */
const meanGradient: Weigh = (gradients) => sum(gradients) / gradients.length;

/**
 * w_k = sum over places of alpha relu(dY / dA_k) with alpha = g^2 / (2 g^2 + sum(A_k) g^3), for a class whose score
 * goes through an exponential (Chattopadhay et al. 2018, equations 6 and 19).
 */
const secondOrder: Weigh = (gradients, values) => {
  const total = sum(values);
  return sum(
    gradients.map((g) => {
      const denominator = 2 * g ** 2 + total * g ** 3;
      return denominator === 0 ? 0 : (g ** 2 / denominator) * Math.max(0, g);
    }),
  );
};

export const gradcam = classActivation(meanGradient, {
  description: 'what the last feature map shows that speaks for the class; one pass; our models',
  source: 'Selvaraju et al. 2017, arXiv:1610.02391',
});

export const gradcamPlusPlus = classActivation(secondOrder, {
  description: 'Grad-CAM that gives several places of the same thing their due; one pass; our models',
  source: 'Chattopadhay et al. 2018, arXiv:1710.11063',
});

function classActivation(weigh: Weigh, facts: Pick<Method, 'description' | 'source'>): Method {
  return {
    ...facts,
    signed: false,
    async open(model, engine) {
      const { subject, inside } = await openInside(model, engine, (inside) =>
        inside.attributes.map(({ name }) => lastMapOf(inside, name).name),
      );
      const views = new Map<string, Promise<SeededGradient>>();
      return {
        subject,
        async explain({ picture, targets, onProgress, signal }) {
          const answer = await subject.answer(picture, 1);
          const attributions = [];
          for (const [done, target] of targets.entries()) {
            stopWhenAborted(signal);
            const value = lastMapOf(inside, target.attribute);
            const map = answer[value.name]!;
            const gradient = await fromMap(inside, value, map, target, views, engine);
            const layout = layoutOf(value, inside.architecture.learntTokens ?? 0);
            const maps = activationMaps(map, await gradient.run(map, target), layout, weigh);
            attributions.push({ values: enlargeMap(inPhoto(maps), subject.size), channels: 1 as const });
            onProgress?.(done + 1, targets.length);
          }
          return attributions;
        },
        async release() {
          for (const view of views.values()) await (await view).release();
          await subject.release();
        },
      };
    },
  };
}

/** From the map to the score of a class; compiled once per attribute. */
function fromMap(
  { graph }: Inside,
  value: Value,
  map: Float32Array,
  { attribute }: Target,
  known: Map<string, Promise<SeededGradient>>,
  engine: EngineOptions,
): Promise<SeededGradient> {
  const found = known.get(attribute);
  if (found !== undefined) return found;
  const score = logitsOf(graph, attribute) ?? graph.outputs.find(({ name }) => name === attribute)!;
  const rest = value.shape.slice(1).map(Number);
  const entries = map.length / rest.reduce((product, size) => product * size, 1);
  const shape = [entries, ...rest];
  const made = compileSeededGradient({ graph, from: value, shape, scores: new Map([[attribute, score]]) }, engine);
  known.set(attribute, made);
  return made;
}

/** Where the numbers of a map are: `[entries, channels, height, width]`, or tokens `[entries, learnt + places, channels]`. */
interface Layout {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Numbers per entry. */
  readonly length: number;
  readonly position: (channel: number, place: number) => number;
}

function layoutOf({ name, shape }: Value, learnt: number): Layout {
  const [a, b, c] = shape.slice(1).map(Number) as [number, number, number | undefined];
  if (c !== undefined) {
    const position = (channel: number, place: number): number => channel * b * c + place;
    return { channels: a, height: b, width: c, length: a * b * c, position };
  }
  const side = Math.sqrt(a - learnt);
  if (!Number.isInteger(side)) throw new BusanaError('INTERNAL', `the tokens of '${name}' are no square`);
  const position = (channel: number, place: number): number => (learnt + place) * b + channel;
  return { channels: b, height: side, width: side, length: a * b, position };
}

/** relu(sum over channels of weight times map), per entry. */
function activationMaps(map: Float32Array, gradient: Float32Array, layout: Layout, weigh: Weigh): PlaceMap[] {
  const { channels, height, width, length, position } = layout;
  const places = Array.from({ length: height * width }, (_, place) => place);
  return Array.from({ length: map.length / length }, (_, entry) => {
    const values = new Float64Array(places.length);
    for (let channel = 0; channel < channels; channel += 1) {
      const at = places.map((place) => entry * length + position(channel, place));
      const own = at.map((index) => map[index]!);
      const weight = weigh(
        at.map((index) => gradient[index]!),
        own,
      );
      own.forEach((value, place) => (values[place]! += weight * value));
    }
    return { height, width, values: values.map((value) => Math.max(0, value)) };
  });
}

/** A network that averages over the photo and its mirror image has a map of each: models/classifier puts it second. */
function inPhoto(maps: readonly PlaceMap[]): PlaceMap {
  return meanMap(maps.map((map, entry) => (entry === 0 ? map : mirroredMap(map))));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
