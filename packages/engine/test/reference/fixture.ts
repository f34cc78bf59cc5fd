import { readFile } from 'node:fs/promises';
import { tensorOfBytes, type DataType, type Tensor } from '@busana/engine';

/** A tensor as `tools/reference/engine_networks.py` writes it. */
export interface Encoded {
  readonly shape: readonly number[];
  readonly base64: string;
}
type Tensors = Readonly<Record<string, Encoded>>;

interface Training {
  readonly losses: readonly number[];
  readonly end: Tensors;
}

export interface NetworkReference {
  readonly images: Encoded;
  readonly targets: readonly number[];
  readonly start: Tensors;
  readonly loss: number;
  readonly logits: Encoded;
  readonly gradients: Tensors;
  readonly evaluation: Encoded;
  readonly sgd: Training;
  readonly adamW: Training;
}

export interface NetworksFixture {
  readonly networks: Readonly<Record<string, NetworkReference>>;
}

/** A committed fixture, by name. */
export async function fixture<T>(name: string): Promise<T> {
  const file = new URL(`../fixtures/${name}.json`, import.meta.url);
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

export function decoded({ shape, base64 }: Encoded, type: DataType = 'float32'): Tensor {
  return tensorOfBytes(type, shape, Buffer.from(base64, 'base64'));
}

export function decodedAll(tensors: Tensors): Map<string, Tensor> {
  return new Map(Object.entries(tensors).map(([name, encoded]) => [name, decoded(encoded)]));
}
