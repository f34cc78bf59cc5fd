import { EngineError } from '../errors.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Shape } from '../graph/value.ts';

interface Port {
  readonly name: string;
  readonly type: string;
  readonly shape: Shape;
}

/** Every input has a tensor of its type and shape, and nothing else is fed. @throws EngineError INVALID_ARGUMENT */
export function checkFeeds(inputs: readonly Port[], feeds: Readonly<Record<string, Tensor>>): void {
  const missing = inputs.filter(({ name }) => feeds[name] === undefined).map(({ name }) => `'${name}'`);
  if (missing.length > 0) throw new EngineError('INVALID_ARGUMENT', `nothing is fed for ${missing.join(', ')}`);
  check('input', inputs, feeds);
}

/** Every preallocated tensor fits an output. @throws EngineError INVALID_ARGUMENT */
export function checkFetches(outputs: readonly Port[], fetches: Readonly<Record<string, Tensor>>): void {
  check('output', outputs, fetches);
}

function check(kind: string, ports: readonly Port[], tensors: Readonly<Record<string, Tensor>>): void {
  const byName = new Map(ports.map((port) => [port.name, port]));
  /** What each name stands for in this run. */
  const sizes = new Map<string, number>();
  for (const [name, { type, shape }] of Object.entries(tensors)) {
    const port = byName.get(name);
    if (port === undefined) {
      const names = ports.map((port) => `'${port.name}'`).join(', ');
      throw new EngineError('INVALID_ARGUMENT', `there is no ${kind} '${name}'; there are ${names}`);
    }
    const fits =
      port.shape.length === shape.length &&
      port.shape.every((size, axis) => {
        const actual = shape[axis]!;
        if (typeof size === 'number') return size === actual;
        if (size === '') return true;
        const expected = sizes.get(size) ?? actual;
        sizes.set(size, expected);
        return expected === actual;
      });
    if (type !== port.type || !fits) {
      const named = [...sizes].map(([name, size]) => `${name} = ${size}`).join(', ');
      throw new EngineError(
        'INVALID_ARGUMENT',
        `${kind} '${name}' is ${port.type} [${port.shape.join(', ')}]${named === '' ? '' : ` with ${named}`}, ` +
          `not ${type} [${shape.join(', ')}]`,
      );
    }
  }
}
