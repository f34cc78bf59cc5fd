/** @file The numbers that `tools/reference/zoo.py` draws, drawn again: fixtures hold results alone. */
import { tensor, type ParameterSpec, type Tensor } from '@busana/engine';

/** The finisher of murmur3 over a counter that FNV-1a of the name starts: one number of (-1, 1) per index. */
export function drawn(name: string): (index: number) => number {
  let seed = 0x811c9dc5;
  for (const byte of Buffer.from(name)) seed = Math.imul(seed ^ byte, 0x01000193);
  return (index) => {
    let bits = (seed + Math.imul(index, 0x9e3779b9)) | 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    bits = (bits ^ (bits >>> 16)) >>> 0;
    return (bits + 0.5) / 2 ** 31 - 1;
  };
}

/** Weights of the variance gain^2 / fan-in, norms near 1, statistics as after some training. */
export function drawnParameters(
  specs: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
  { gain, apart = false }: { readonly gain: number; readonly apart?: boolean },
): Map<string, Tensor> {
  const names = new Set(specs.map(({ name }) => name));
  const isNorm = (name: string): boolean => names.has(name.replace(/[^.]*$/, 'running_var'));
  return new Map(
    specs.map(({ name, shape }) => {
      const draw = drawn(name);
      const [middle, reach] = rangeOf(name, shape, gain);
      const side = apart && isNorm(name) ? sides[name.split('.').at(-1)!] : undefined;
      const valueOf = side ?? ((value: number) => middle + reach * value);
      const values = tensor('float32', shape);
      for (let index = 0; index < values.data.length; index += 1) values.data[index] = valueOf(draw(index));
      return [name, values];
    }),
  );
}

/** Norms that put each channel on one side of the corners of ReLU and ReLU6, where roundings would decide. */
const sides: Readonly<Record<string, (value: number) => number>> = {
  weight: (value) => 0.5 + 0.1 * value,
  bias: (value) => (value < -0.3 ? -4.5 : value > 0.9 ? 7 : 1),
};

function rangeOf(name: string, shape: readonly number[], gain: number): readonly [middle: number, reach: number] {
  if (name.endsWith('running_var')) return [1, 0.5];
  if (name.endsWith('_token') || name.endsWith('pos_embed')) return [0, 0.5];
  if (shape.length > 1) return [0, gain * Math.sqrt(3 / shape.slice(1).reduce((product, size) => product * size, 1))];
  return name.endsWith('weight') ? [1, 0.2] : [0, 0.1];
}

/** Normalised pictures: noise, each channel of each picture shifted. float32 `[count, 3, size, size]` */
export function drawnImages(count: number, size: number): Tensor {
  const images = tensor('float32', [count, 3, size, size]);
  const [noise, shift] = [drawn('image'), drawn('shift')];
  for (let index = 0; index < images.data.length; index += 1) {
    images.data[index] = 1.5 * noise(index) + shift(Math.floor(index / (size * size)));
  }
  return images;
}
