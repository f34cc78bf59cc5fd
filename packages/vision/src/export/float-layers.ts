/** @file Which layers stay in float32: those that integers harm most, as long as that helps and the file stays small. */
import type { IntegerLayer } from '@busana/engine';

/** Mean distance of the probabilities (see `divergence`) that needs no layer to stay in float32. */
const GOOD_ENOUGH = 0.005;
/** Layers tried at most, the noisiest first. */
const TRIES = 8;
/** A layer stays in float32 when that takes this share off the distance. */
const WORTH = 0.05;

export interface FloatLayers {
  readonly integer: readonly IntegerLayer[];
  /** Names of those that stay in float32, the first found the most harmful. */
  readonly float: readonly string[];
  /** Distance of the answers that is left. */
  readonly divergence: number;
}

/**
 * Greedy: the layer with the least signal-to-noise ratio is put back into float32; when the answers come nearer to
 * the original's it stays there.
 * @param noise decibels by layer
 * @param encode the model with these layers in integers
 * @param measure distance of a model's answers from the original's
 * @param mostGrowth bytes that layers in float32 may add to the file
 */
export async function chooseFloatLayers(
  layers: readonly IntegerLayer[],
  noise: ReadonlyMap<string, number>,
  {
    encode,
    measure,
    mostGrowth,
  }: {
    readonly encode: (layers: readonly IntegerLayer[]) => Uint8Array;
    readonly measure: (bytes: Uint8Array) => Promise<number>;
    readonly mostGrowth: number;
  },
): Promise<FloatLayers> {
  const smallest = encode(layers);
  let chosen: FloatLayers = { integer: layers, float: [], divergence: await measure(smallest) };
  const noisiest = [...layers].sort((a, b) => noise.get(a.name)! - noise.get(b.name)!).slice(0, TRIES);
  for (const candidate of noisiest) {
    if (chosen.divergence <= GOOD_ENOUGH) break;
    const fewer = chosen.integer.filter((layer) => layer !== candidate);
    const bytes = encode(fewer);
    if (bytes.length > smallest.length + mostGrowth) continue;
    const divergence = await measure(bytes);
    if (divergence > chosen.divergence * (1 - WORTH)) continue;
    chosen = { integer: fewer, float: [...chosen.float, candidate.name], divergence };
  }
  return chosen;
}
