/** @file ONNX messages as plain objects, read and written by protobufjs from {@link onnxDefinition}. */
import protobuf from 'protobufjs';
import { onnxDefinition } from './descriptor.ts';

/** A 64-bit integer: read as bigint, written from either. */
type Integer = bigint | number;

export interface ModelMessage {
  readonly irVersion?: Integer;
  readonly opsetImport?: readonly { readonly domain?: string; readonly version?: Integer }[];
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly graph?: GraphMessage;
  readonly metadataProps?: readonly { readonly key?: string; readonly value?: string }[];
  readonly trainingInfo?: readonly unknown[];
  readonly functions?: readonly unknown[];
}

export interface GraphMessage {
  readonly node?: readonly NodeMessage[];
  readonly name?: string;
  readonly initializer?: readonly TensorMessage[];
  readonly sparseInitializer?: readonly unknown[];
  readonly input?: readonly ValueInfoMessage[];
  readonly output?: readonly ValueInfoMessage[];
  readonly valueInfo?: readonly ValueInfoMessage[];
}

export interface NodeMessage {
  readonly input?: readonly string[];
  readonly output?: readonly string[];
  readonly name?: string;
  readonly opType?: string;
  readonly domain?: string;
  readonly attribute?: readonly AttributeMessage[];
}

export interface AttributeMessage {
  readonly name?: string;
  readonly refAttrName?: string;
  readonly type?: number;
  readonly f?: number;
  readonly i?: Integer;
  readonly s?: Uint8Array;
  readonly t?: TensorMessage;
  readonly floats?: readonly number[];
  readonly ints?: readonly Integer[];
  readonly strings?: readonly Uint8Array[];
}

export interface TensorMessage {
  readonly dims?: readonly Integer[];
  readonly dataType?: number;
  readonly segment?: unknown;
  readonly floatData?: readonly number[];
  readonly int32Data?: readonly number[];
  readonly int64Data?: readonly Integer[];
  readonly doubleData?: readonly number[];
  readonly name?: string;
  readonly rawData?: Uint8Array;
  readonly externalData?: readonly unknown[];
  readonly dataLocation?: number;
}

export interface ValueInfoMessage {
  readonly name?: string;
  readonly type?: {
    readonly tensorType?: {
      readonly elemType?: number;
      readonly shape?: { readonly dim?: readonly DimensionMessage[] };
    };
  };
}

export interface DimensionMessage {
  readonly dimValue?: Integer;
  readonly dimParam?: string;
}

let known: protobuf.Type | undefined;

/** Built at first use: importing the engine costs nothing. */
function modelType(): protobuf.Type {
  known ??= protobuf.parse(onnxDefinition).root.lookupType('ModelProto');
  return known;
}

/** @throws whatever the protobuf library raises for bytes it cannot read */
export function readModelMessage(bytes: Uint8Array): ModelMessage {
  const type = modelType();
  return type.toObject(type.decode(bytes), { longs: BigInt });
}

export function writeModelMessage(message: ModelMessage): Uint8Array {
  const type = modelType();
  return type.encode(type.fromObject(message)).finish();
}
