/** @file The small network of `tools/reference/explain_reference.py`, and what shap says about it. */
import { createSession, floats, Graph, tensor, type Value } from '@busana/engine';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { compileSeededGradient } from '../../src/explain/seeded-gradient.ts';
import type { Subject } from '../../src/explain/subject.ts';
import type { Target } from '../../src/explain/target.ts';
import { drawn } from '../models/drawn.ts';

const numbers = z.array(z.number());
const schema = z.object({
  size: z.int(),
  classes: z.int(),
  backgrounds: z.int(),
  output: numbers,
  blur: z.object({
    kernel: z.int(),
    picture: numbers,
    even_kernel: z.int(),
    even_picture: numbers,
    wide_kernel: z.int(),
    wide_picture: numbers,
  }),
  partition: z.array(z.object({ evaluations: z.int(), base: numbers, values: z.array(numbers) })),
  gradient: z.object({ samples: z.int(), values: z.array(numbers), standard_errors: z.array(numbers) }),
});

/** Values by shap, pictures by OpenCV. */
export const reference = schema.parse(
  JSON.parse(readFileSync(new URL('../fixtures/explain/reference.json', import.meta.url), 'utf8')),
);

const { size, classes } = reference;

export const targets: readonly Target[] = Array.from({ length: classes }, (_, index) => ({
  attribute: 'scores',
  classes,
  index,
  code: String(index),
  label: String(index),
}));

/** Uint8 `[size, size, 3]`. */
export function picture(name: string): Uint8Array {
  const draw = drawn(name);
  return Uint8Array.from({ length: size * size * 3 }, (_, at) => roundToEven((draw(at) + 1) * 127.5));
}

/** As NumPy rounds. */
function roundToEven(value: number): number {
  return Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}

/** Pixels 0..255 `[batch, size, size, 3]` -> probabilities `[batch, classes]`. */
export function smallNetwork(batch: number | string): { graph: Graph; image: Value; scores: Value } {
  const graph = new Graph();
  const image = graph.input('image', 'float32', [batch, size, size, 3]);
  const weights = (name: string, shape: readonly number[]): Value => {
    const scale = 2 * Math.sqrt(3 / shape.slice(1).reduce((product, n) => product * n, 1));
    const draw = drawn(name);
    const count = shape.reduce((product, n) => product * n, 1);
    return graph.constant(
      floats(
        shape,
        Array.from({ length: count }, (_, at) => draw(at) * scale),
      ),
      name,
    );
  };
  const convolved = (x: Value, name: string, shape: readonly number[], stride: number): Value =>
    graph.op('Relu', [
      graph.op('Conv', [x, weights(name, shape)], {
        kernel_shape: [3, 3],
        strides: [stride, stride],
        pads: [1, 1, 1, 1],
      }),
    ]);
  let x = graph.op('Transpose', [image], { perm: [0, 3, 1, 2] });
  x = graph.op('Mul', [x, graph.scalar(1 / 255)]);
  x = convolved(convolved(x, 'conv1', [8, 3, 3, 3], 2), 'conv2', [8, 8, 3, 3], 1);
  const logits = graph.op('Gemm', [graph.op('Flatten', [x], { axis: 1 }), weights('linear', [classes, 8 * 36])], {
    transB: 1,
  });
  const scores = graph.output(graph.op('Softmax', [logits], { axis: -1 }), 'scores');
  return { graph, image, scores };
}

/** The network as methods see a model. */
export async function smallSubject(): Promise<Pick<Subject, 'size' | 'answer' | 'release'>> {
  const session = await createSession(smallNetwork('N').graph, { threads: 1 });
  return {
    size,
    async answer(pictures, count) {
      const image = tensor('float32', [count, size, size, 3], Float32Array.from(pictures));
      return { scores: (await session.run({ image }))['scores']!.data as Float32Array };
    },
    release: () => session.release(),
  };
}

export async function smallGradient(batch: number) {
  const { graph, image, scores } = smallNetwork(batch);
  const wanted = { graph, from: image, shape: [batch, size, size, 3], scores: new Map([['scores', scores]]) };
  return compileSeededGradient(wanted, { threads: 1 });
}
