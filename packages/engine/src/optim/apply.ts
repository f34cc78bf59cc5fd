import type { Kernels } from './kernels.ts';
import type { Optimizer, Part, Transform } from './transform.ts';

/** Numbers of a piece: 16 KiB of each vector, so that those of one piece stay in the first cache. */
const PIECE = 4096;

/** A parameter that is trained, with its gradient and what each transform keeps for it. */
export interface Trained {
  readonly name: string;
  readonly decay: boolean;
  readonly parameter: Float32Array;
  readonly gradient: Float32Array;
  /** One record per transform of the chain. */
  readonly slots: readonly Readonly<Record<string, Float32Array>>[];
}

/** All parameters as an update goes through them. */
export interface Divided {
  readonly gradients: readonly Float32Array[];
  readonly pieces: readonly Piece[];
}

interface Piece {
  readonly parameter: Float32Array;
  readonly update: Float32Array;
  /** What each transform of the chain sees of it. */
  readonly parts: readonly Part[];
}

export interface UpdateNumbers {
  readonly learningRate: number;
  /** 1 at the first. */
  readonly step: number;
}

/** Parameters in pieces, made once: thousands of views of memory would cost more than the arithmetic of a step. */
export function divide(trained: readonly Trained[]): Divided {
  return { gradients: trained.map(({ gradient }) => gradient), pieces: trained.flatMap(piecesOf) };
}

function piecesOf({ name, decay, parameter, gradient, slots }: Trained): Piece[] {
  return Array.from({ length: Math.ceil(gradient.length / PIECE) }, (_, at) => {
    const cut = (vector: Float32Array): Float32Array => vector.subarray(at * PIECE, (at + 1) * PIECE);
    const piece = { name, decay, parameter: cut(parameter), update: cut(gradient) };
    const cutAll = (kept: Part['slots']) =>
      Object.fromEntries(Object.entries(kept).map(([key, slot]) => [key, cut(slot)]));
    return { ...piece, parts: slots.map((kept) => ({ ...piece, slots: cutAll(kept) })) };
  });
}

/** One update of all parameters in place; the gradients are used up. */
export function applyOptimizer(
  kernels: Kernels,
  optimizer: Optimizer,
  { gradients, pieces }: Divided,
  numbers: UpdateNumbers,
): void {
  const context = { kernels, updates: gradients, ...numbers };
  const passes = passesOf(optimizer);
  passes.forEach((pass, index) => {
    const changes = pass.map(({ position, transform }) => ({ position, change: transform.begin(context) }));
    const last = index === passes.length - 1;
    for (const { parameter, update, parts } of pieces) {
      for (const { position, change } of changes) change(parts[position]!);
      if (last) kernels.add(parameter, update, -1);
    }
  });
}

interface Placed {
  readonly position: number;
  readonly transform: Transform;
}

/** A transform that sees all updates begins a pass of its own. */
function passesOf(optimizer: Optimizer): readonly (readonly Placed[])[] {
  const passes: Placed[][] = [[]];
  for (const [position, transform] of optimizer.entries()) {
    if (transform.seesAll === true && passes.at(-1)!.length > 0) passes.push([]);
    passes.at(-1)!.push({ position, transform });
  }
  return passes;
}
