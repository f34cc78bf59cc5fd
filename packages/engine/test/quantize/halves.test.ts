import { expect, it } from 'vitest';
import { encodeModel } from '../../src/proto/encode.ts';
import { encodeHalves } from '../../src/proto/encode-halves.ts';
import { halfBits } from '../../src/proto/halves.ts';
import { decodeInitializers } from '../../src/proto/initializers.ts';
import { decodeMetadata } from '../../src/proto/metadata.ts';
import { createSession, evaluate } from '../../src/runtime/session.ts';
import { expectClose } from '../../src/testing/closeness.ts';
import { batches, convolutional } from './nets.ts';

it('numbers become the nearest half-precision number', () => {
  // From numpy: np.array(x, dtype=np.float16).view(np.uint16)
  const known: [number, number][] = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [0.1, 0x2e66],
    [1 / 3, 0x3555],
    [65504, 0x7bff],
    [65519, 0x7bff],
    [65520, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [3 * 2 ** -25, 0x0002],
    [6.097555160522461e-5, 0x03ff],
    // Midway: to the even one, down and up.
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    // A fraction that rounds up to the next power of two.
    [2 - 2 ** -12, 0x4000],
  ];
  for (const [value, bits] of known) expect([value, halfBits(value)]).toEqual([value, bits]);
  expect(halfBits(NaN) & 0x7c00).toBe(0x7c00);
  expect(halfBits(NaN) & 0x03ff).not.toBe(0);
});

it('a model with weights in halves is half as large, answers the same to three digits, and keeps the names', async () => {
  const graph = convolutional({ channels: 128 });
  const bytes = encodeHalves(graph, { metadata: { who: 'me' } });
  expect(bytes.length / encodeModel(graph).length).toBeLessThan(0.56);
  expect(decodeMetadata(bytes)).toEqual({ who: 'me' });
  const stored = new Map(decodeInitializers(bytes).map(({ name, type }) => [name, type]));
  expect(stored.get('expand.weight')).toBe('float16');
  expect(stored.get('expand.gamma')).toBe('float32');
  const [feeds] = batches(1);
  const session = await createSession(bytes);
  const found = await session.run(feeds!);
  await session.release();
  expectClose(found['embedding']!, (await evaluate(graph, feeds))['embedding']!, 2e-3);
});

it('weights that halves cannot hold stay as they are', async () => {
  const graph = convolutional({ poison: (name, weights) => void (name === 'expand' && (weights[0] = 1e5)) });
  const stored = new Map(decodeInitializers(encodeHalves(graph)).map(({ name, type }) => [name, type]));
  expect([stored.get('expand.weight'), stored.get('project.weight')]).toEqual(['float32', 'float16']);
  const small = encodeHalves(graph);
  const session = await createSession(small);
  await session.release();
});
