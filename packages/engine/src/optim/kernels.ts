/**
 * @file The loops that optimizers are made of, in WebAssembly, and the memory they work on. Vectors of it are as well
 * tensors for the runtime: parameters are updated where the next step reads them.
 */
import { readFileSync } from 'node:fs';
import { EngineError } from '../errors.ts';

const LANE_BYTES = 16;
const PAGE_BYTES = 65_536;
/** What 32 bits address. */
const MOST_PAGES = 65_536;

/** Loops over float32 vectors of one length, made by one {@link Kernels}. */
interface Loops {
  readonly memory: WebAssembly.Memory;
  readonly scale: (u: number, end: number, by: number) => void;
  readonly add: (u: number, end: number, x: number, by: number) => void;
  readonly average: (u: number, end: number, x: number, kept: number, fresh: number) => void;
  readonly trace: (u: number, end: number, b: number, momentum: number, ahead: number) => void;
  readonly adam: (
    ...numbers: readonly [
      u: number,
      end: number,
      m: number,
      v: number,
      beta1: number,
      rest1: number,
      beta2: number,
      rest2: number,
      correction1: number,
      root2: number,
      epsilon: number,
    ]
  ) => void;
  readonly sumOfSquares: (u: number, end: number) => number;
}

/** What an update by Adam needs to know; float32. */
export interface AdamNumbers {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** 1 - beta1^step */
  readonly correction1: number;
  /** sqrt(1 - beta2^step) */
  readonly root2: number;
}

/** Vectors in one memory, and what can be done with them. Arithmetic is float32, rounded after every operation. */
export class Kernels {
  readonly #loops: Loops;

  private constructor(loops: Loops) {
    this.#loops = loops;
  }

  /**
   * Zeros, one vector of each length.
   * @throws EngineError INVALID_ARGUMENT when they need more than 4 GiB together
   */
  static allocate(lengths: readonly number[]): {
    readonly kernels: Kernels;
    readonly vectors: readonly Float32Array[];
  } {
    const module = new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)));
    const loops = loopsOf(new WebAssembly.Instance(module).exports);
    const offsets: number[] = [];
    let end = LANE_BYTES;
    for (const length of lengths) {
      offsets.push(end);
      end = aligned(end + length * Float32Array.BYTES_PER_ELEMENT);
    }
    const pages = Math.ceil(end / PAGE_BYTES);
    if (pages > MOST_PAGES) {
      const needed = (end / 2 ** 30).toFixed(1);
      throw new EngineError(
        'INVALID_ARGUMENT',
        `parameters and what is kept for them need ${needed} GiB, and 4 are the most`,
      );
    }
    loops.memory.grow(pages - loops.memory.buffer.byteLength / PAGE_BYTES);
    const { buffer } = loops.memory;
    const vectors = lengths.map((length, index) => new Float32Array(buffer, offsets[index], length));
    return { kernels: new Kernels(loops), vectors };
  }

  /** u = u by */
  scale(u: Float32Array, by: number): void {
    this.#loops.scale(u.byteOffset, endOf(u), by);
  }

  /** u = u + x by */
  add(u: Float32Array, x: Float32Array, by: number): void {
    this.#loops.add(u.byteOffset, endOf(u), x.byteOffset, by);
  }

  /** u = u kept + x fresh */
  average(u: Float32Array, x: Float32Array, kept: number, fresh: number): void {
    this.#loops.average(u.byteOffset, endOf(u), x.byteOffset, kept, fresh);
  }

  /** b = b momentum + u; u = b, or in Nesterov's form u + b momentum */
  trace(u: Float32Array, b: Float32Array, momentum: number, nesterov: boolean): void {
    this.#loops.trace(u.byteOffset, endOf(u), b.byteOffset, momentum, Number(nesterov));
  }

  /** m and v as Adam keeps them, and u = m / correction1 / (sqrt(v) / root2 + epsilon) */
  adam(u: Float32Array, m: Float32Array, v: Float32Array, numbers: AdamNumbers): void {
    const { beta1, beta2, epsilon, correction1, root2 } = numbers;
    this.#loops.adam(
      u.byteOffset,
      endOf(u),
      m.byteOffset,
      v.byteOffset,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      correction1,
      root2,
      epsilon,
    );
  }

  /** Added up in float64. */
  sumOfSquares(u: Float32Array): number {
    return this.#loops.sumOfSquares(u.byteOffset, endOf(u));
  }
}

/** Loops go in whole lanes: what is behind the end up to the next one belongs to nobody. */
function endOf(vector: Float32Array): number {
  return aligned(vector.byteOffset + vector.byteLength);
}

function aligned(address: number): number {
  return Math.ceil(address / LANE_BYTES) * LANE_BYTES;
}

const names = ['scale', 'add', 'average', 'trace', 'adam', 'sumOfSquares'] as const;

function loopsOf(exports: Readonly<Record<string, unknown>>): Loops {
  if (!isComplete(exports)) throw new EngineError('RUNTIME', 'kernels.wasm is not what kernels.wat says');
  return exports;
}

function isComplete(exports: Readonly<Record<string, unknown>>): exports is Readonly<Record<string, unknown>> & Loops {
  return exports['memory'] instanceof WebAssembly.Memory && names.every((name) => typeof exports[name] === 'function');
}
