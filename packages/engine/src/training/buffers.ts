import { bytesOf, copyOf, expectTensor, tensor, type Tensor, type TensorMap } from '../graph/tensor.ts';

/**
 * Two sets of the same tensors. A step reads the current set and writes the other one, then they swap roles: the
 * memory of a training stays what it was after the first step, and nothing is copied.
 */
export class DoubleBuffer {
  #current: Map<string, Tensor>;
  #next: Map<string, Tensor>;

  /** Takes a copy of the start values. */
  constructor(start: TensorMap) {
    this.#current = new Map([...start].map(([name, values]) => [name, copyOf(values)]));
    this.#next = new Map([...start].map(([name, { type, shape }]) => [name, tensor(type, shape)]));
  }

  get current(): TensorMap {
    return this.#current;
  }

  get next(): TensorMap {
    return this.#next;
  }

  has(name: string): boolean {
    return this.#current.has(name);
  }

  swap(): void {
    [this.#current, this.#next] = [this.#next, this.#current];
  }

  /** Overwrites the current numbers. @throws EngineError INVALID_ARGUMENT naming tensors that are missing or differ */
  load(tensors: TensorMap): void {
    for (const [name, { type, shape }] of this.#current) expectTensor(tensors, name, type, shape);
    for (const [name, target] of this.#current) bytesOf(target).set(bytesOf(tensors.get(name)!));
  }
}
