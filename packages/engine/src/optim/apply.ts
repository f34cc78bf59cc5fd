import { EngineError } from '../errors.ts';
import { tensor, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { Optimizer, Transform, TransformContext, Update } from './transform.ts';

export interface AppliedOptimizer {
  /** Graph input of each parameter and slot -> its value after the step. */
  readonly next: ReadonlyMap<string, Value>;
  /** Slots before the first step, by graph input. */
  readonly slots: ReadonlyMap<string, Tensor>;
}

/**
 * Appends the chain of transforms, and parameter - update at its end. Slots become graph inputs of their own.
 * @throws EngineError INVALID_GRAPH when a transform forgets an update or a slot
 */
export function applyOptimizer(
  optimizer: Optimizer,
  gradients: readonly Update[],
  context: TransformContext,
): AppliedOptimizer {
  const { graph } = context;
  const next = new Map<string, Value>();
  const slots = new Map<string, Tensor>();
  let updates = gradients;
  for (const [position, transform] of optimizer.entries()) {
    const inputs = updates.map(({ name, parameter }) => {
      const zeros = tensor('float32', parameter.shape as readonly number[]);
      const keys = transform.slots.map((slot) => [slot, `optimizer.${position}.${slot}.${name}`] as const);
      for (const [, key] of keys) slots.set(key, zeros);
      return Object.fromEntries(keys.map(([slot, key]) => [slot, graph.input(key, 'float32', zeros.shape)]));
    });
    const transformed = transform.apply(updates, inputs, context);
    expectComplete(transform, updates, transformed, position);
    updates = updates.map((update, index) => {
      const { update: changed, slots: remembered = {} } = transformed[index]!;
      for (const [slot, input] of Object.entries(inputs[index]!)) next.set(input.name, remembered[slot]!);
      return { ...update, update: changed };
    });
  }
  for (const { name, parameter, update } of updates) next.set(name, graph.op('Sub', [parameter, update]));
  return { next, slots };
}

function expectComplete(
  transform: Transform,
  updates: readonly Update[],
  transformed: ReturnType<Transform['apply']>,
  position: number,
): void {
  const complete =
    transformed.length === updates.length &&
    transformed.every(({ slots = {} }) => transform.slots.every((slot) => slots[slot] !== undefined));
  if (complete) return;
  throw new EngineError(
    'INVALID_GRAPH',
    `transform ${position} of the optimizer must return one result per update, with its slots: ${transform.slots.join(', ')}`,
  );
}
