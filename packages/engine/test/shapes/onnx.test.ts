import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isOurs } from '../../src/graph/operators.ts';
import type { DataType } from '../../src/graph/tensor.ts';
import { tensor } from '../../src/graph/tensor.ts';
import type { Dimension, Value } from '../../src/graph/value.ts';
import { readAttributes, typedAttributes } from '../../src/proto/raw-attributes.ts';
import type { AttributeMessage } from '../../src/proto/messages.ts';
import { dataTypeNumbers } from '../../src/proto/tensors.ts';
import { isOperatorType } from '../../src/proto/attributes.ts';
import { inferOutputs } from '../../src/shapes/infer.ts';
import { operatorTypes } from '../support/operator-cases.ts';

/** Made by tools/reference/onnx_shapes.py: [operator, inputs, attributes, outputs]. */
type Case = [
  string,
  ([DataType, Dimension[], number[]?] | null)[],
  Record<string, string | number | number[]>,
  [DataType, (Dimension | null)[]][],
];

const url = new URL('../fixtures/onnx-shapes.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { cases: Case[] };

function valueOf([type, shape, values]: [DataType, Dimension[], number[]?], name: string): Value {
  if (values === undefined) return { name, type, shape };
  const sizes = shape.map(Number);
  const constant =
    type === 'int64'
      ? tensor(type, sizes, BigInt64Array.from(values, BigInt))
      : tensor('float32', sizes, Float32Array.from(values));
  return { name, type, shape, constant };
}

function messageOf(name: string, value: string | number | number[]): AttributeMessage {
  if (name === 'to') return { name, type: 2, i: dataTypeNumbers[value as DataType] };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if (Array.isArray(value)) return { name, type: 7, ints: value };
  return ['alpha', 'beta', 'epsilon'].includes(name) ? { name, type: 1, f: value } : { name, type: 2, i: value };
}

describe("shape inference agrees with ONNX's own", () => {
  it.each(cases.map((item) => [`${item[0]} ${JSON.stringify(item[1])} ${JSON.stringify(item[2])}`, item] as const))(
    '%s',
    (_, [type, inputs, attributes, outputs]) => {
      if (!isOperatorType(type)) throw new Error(`unknown operator ${type}`);
      const values = inputs.map((input, at) => (input === null ? undefined : valueOf(input, `i${at}`)));
      const raw = readAttributes(
        Object.entries(attributes).map(([name, value]) => messageOf(name, value)),
        type,
      );
      const inferred = inferOutputs('node', type, values, typedAttributes(type, raw, type), outputs.length);
      expect(inferred.map((output) => output.type)).toEqual(outputs.map(([type]) => type));
      inferred.forEach(({ shape }, index) => {
        const expected = outputs[index]![1];
        // Sizes that ONNX leaves open are ours to name.
        expect(shape.map((size, axis) => (expected[axis] === null ? null : size))).toEqual(expected);
      });
    },
  );

  it('has a case for every operator of the specification', () => {
    const covered = new Set(cases.map(([type]) => type));
    expect(operatorTypes.filter((type) => !covered.has(type)).every(isOurs)).toBe(true);
  });
});
