import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { floats, type Tensor } from '../../src/graph/tensor.ts';
import { decodeModel } from '../../src/proto/decode.ts';
import { createSession, type Session } from '../../src/runtime/session.ts';

/** Made by tools/reference/onnx_models.py: a small network as PyTorch exports it, and what PyTorch computes. */
const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
const expected = (JSON.parse(fixture('exported.json').toString()) as { y: number[] }).y;

const x = floats(
  [2, 3, 8, 8],
  Array.from({ length: 384 }, (_, i) => Math.sin(i)),
);

async function outputOf(session: Session): Promise<Tensor> {
  const { y } = await session.run({ x });
  await session.release();
  return y!;
}

describe('models exported by PyTorch', () => {
  it.each([11, 17, 20])('operator set %i: the decoded graph computes what the file computes', async (opset) => {
    const bytes = fixture(`exported-${opset}.onnx`);
    const { graph, operatorSet } = decodeModel(bytes);
    expect(operatorSet).toBe(opset);
    expect(graph.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['batch', 3, 8, 8] }]);
    expect(graph.outputs.map(({ name, shape }) => [name, shape])).toEqual([['y', ['batch', 4]]]);
    const actual = await outputOf(await createSession(graph));
    expect(actual).toEqual(await outputOf(await createSession(bytes)));
    const largest = Math.max(...expected.map((value, at) => Math.abs(value - Number(actual.data[at]))));
    expect(largest).toBeLessThan(1e-6);
  });
});
