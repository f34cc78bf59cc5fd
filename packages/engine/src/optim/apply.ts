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

export interface UpdateNumbers {
  readonly learningRate: number;
  /** 1 at the first. */
  readonly step: number;
}

/** One update of all parameters in place; the gradients are used up. */
export function applyOptimizer(
  kernels: Kernels,
  optimizer: Optimizer,
  trained: readonly Trained[],
  numbers: UpdateNumbers,
): void {
  const context = { kernels, updates: trained.map(({ gradient }) => gradient), ...numbers };
  const passes = passesOf(optimizer);
  passes.forEach((pass, index) => {
    const changes = pass.map(({ position, transform }) => ({ position, change: transform.begin(context) }));
    const last = index === passes.length - 1;
    for (const each of trained) {
      for (const [from, to] of piecesOf(each.gradient.length)) {
        const part = partOf(each, from, to);
        for (const { position, change } of changes) change({ ...part, slots: slotsOf(each, position, from, to) });
        if (last) kernels.add(part.parameter, part.update, -1);
      }
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

function piecesOf(length: number): [from: number, to: number][] {
  const count = Math.ceil(length / PIECE);
  return Array.from({ length: count }, (_, at) => [at * PIECE, Math.min(length, (at + 1) * PIECE)]);
}

function partOf({ name, decay, parameter, gradient }: Trained, from: number, to: number): Omit<Part, 'slots'> {
  return { name, decay, parameter: parameter.subarray(from, to), update: gradient.subarray(from, to) };
}

function slotsOf({ slots }: Trained, position: number, from: number, to: number): Part['slots'] {
  return Object.fromEntries(Object.entries(slots[position]!).map(([name, slot]) => [name, slot.subarray(from, to)]));
}
