import { EngineError } from '../errors.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Shape } from '../graph/value.ts';

type Named = Readonly<Record<string, Tensor>>;

interface Port {
  readonly name: string;
  readonly type: string;
  readonly shape: Shape;
}

/**
 * Every input has a tensor of its type and shape, nothing else is fed, and tensors for outputs fit them and are
 * not fed as well. A named size is the same wherever it occurs in a run.
 * @throws EngineError INVALID_ARGUMENT naming what does not fit
 */
export function checkRun(inputs: readonly Port[], outputs: readonly Port[], feeds: Named, fetches: Named): void {
  const missing = inputs.filter(({ name }) => feeds[name] === undefined).map(({ name }) => `'${name}'`);
  if (missing.length > 0) throw new EngineError('INVALID_ARGUMENT', `nothing is fed for ${missing.join(', ')}`);
  const sizes = new Map<string, number>();
  check('input', inputs, feeds, sizes);
  check('output', outputs, fetches, sizes);
  const fed = new Map(Object.entries(feeds).map(([name, { data }]) => [data, name]));
  for (const [name, { data }] of Object.entries(fetches)) {
    // The runtime would read what it has already overwritten.
    const source = fed.get(data);
    if (source !== undefined) {
      throw new EngineError('INVALID_ARGUMENT', `output '${name}' may not be written where input '${source}' is read`);
    }
  }
}

/** @throws EngineError INVALID_ARGUMENT naming outputs that there is no tensor for */
export function expectAll(outputs: readonly Port[], fetches: Named): void {
  const missing = outputs.filter(({ name }) => fetches[name] === undefined).map(({ name }) => `'${name}'`);
  if (missing.length > 0) throw new EngineError('INVALID_ARGUMENT', `nothing is fetched for ${missing.join(', ')}`);
}

/** `sizes`: what each name stands for in this run; filled on the way. */
function check(kind: string, ports: readonly Port[], tensors: Named, sizes: Map<string, number>): void {
  const byName = new Map(ports.map((port) => [port.name, port]));
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
      const known = [...sizes].filter(([name]) => port.shape.includes(name));
      const named = known.map(([name, size]) => `${name} = ${size}`).join(', ');
      throw new EngineError(
        'INVALID_ARGUMENT',
        `${kind} '${name}' is ${port.type} [${port.shape.join(', ')}]${named === '' ? '' : ` with ${named}`}, ` +
          `not ${type} [${shape.join(', ')}]`,
      );
    }
  }
}
