import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { onnxDefinition } from '../../src/proto/descriptor.ts';

/** Made by tools/reference/onnx_descriptor.py from the official definition. */
interface Official {
  readonly messages: Record<string, Record<string, Field>>;
  readonly enums: Record<string, Record<string, number>>;
}

interface Field {
  readonly number: number;
  readonly type: string;
  readonly repeated: boolean;
  readonly packed: boolean;
  readonly oneof: string | null;
}

const url = new URL('../fixtures/onnx-descriptor.json', import.meta.url);
const official = JSON.parse(readFileSync(url, 'utf8')) as Official;
const { root } = protobuf.parse(onnxDefinition, { keepCase: true });
root.resolveAll();

function everything(namespace: protobuf.NamespaceBase): protobuf.ReflectionObject[] {
  return namespace.nestedArray.flatMap((item) => [
    item,
    ...(item instanceof protobuf.Namespace || item instanceof protobuf.Type ? everything(item) : []),
  ]);
}

const declared = everything(root);
const messages = declared.filter((item) => item instanceof protobuf.Type);
const enums = declared.filter((item) => item instanceof protobuf.Enum);

function nameOf(item: protobuf.ReflectionObject): string {
  return item.fullName.replace(/^\./, '');
}

function fieldOf(field: protobuf.Field): Field {
  return {
    number: field.id,
    type: field.resolvedType === null ? field.type : nameOf(field.resolvedType),
    repeated: field.repeated,
    packed: field.packed,
    oneof: field.partOf?.name ?? null,
  };
}

describe('the ONNX definition', () => {
  it('covers the messages a model consists of', () => {
    expect(messages.map(nameOf)).toEqual(
      expect.arrayContaining([
        'ModelProto', 'GraphProto', 'NodeProto', 'AttributeProto', 'TensorProto', 'ValueInfoProto', 'TypeProto',
        'TypeProto.Tensor', 'TensorShapeProto', 'TensorShapeProto.Dimension', 'OperatorSetIdProto',
        'StringStringEntryProto',
      ]),
    ); // prettier-ignore
  });

  it.each(messages.map((type) => [nameOf(type), type] as const))('%s has the official fields', (name, type) => {
    expect(type.fieldsArray.length).toBeGreaterThan(0);
    for (const field of type.fieldsArray) {
      expect({ [field.name]: fieldOf(field) }).toEqual({ [field.name]: official.messages[name]?.[field.name] });
    }
  });

  it.each(enums.map((item) => [nameOf(item), item] as const))('%s has the official numbers', (name, item) => {
    expect(item.values).toEqual(official.enums[name]);
  });
});
